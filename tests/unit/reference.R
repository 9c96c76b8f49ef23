# SPDX-License-Identifier: GPL-2.0
#
# What R makes of the samples of test_reference.c. In, a line each, numbers
# separated by blanks:
#   mann-whitney A... | B...     wilcoxon A... | B...
#   median VALUES...             holm P...
# Out, a line for each: the p-value; the interval's ends; the adjusted values.
numbers <- function(text) as.numeric(strsplit(trimws(text), " +")[[1]])

# wilcox.test() knows no exact p-value with ties, so: all permutations.
two_sided <- function(sums, sum) {
	near <- 1e-9
	min(1, 2 * min(mean(sums <= sum + near), mean(sums >= sum - near)))
}

mann_whitney <- function(a, b) {
	all <- c(a, b)
	if (length(all) > 50) return(wilcox.test(a, b, exact = FALSE)$p.value)
	if (!any(duplicated(all))) return(wilcox.test(a, b, exact = TRUE)$p.value)
	ranks <- rank(all)
	two_sided(combn(ranks, length(a), sum), sum(ranks[seq_along(a)]))
}

wilcoxon <- function(a, b) {
	d <- (a - b)[a != b]
	if (!length(d)) return(1)
	if (length(d) > 50)
		return(wilcox.test(a, b, paired = TRUE, exact = FALSE)$p.value)
	if (!any(duplicated(abs(d))))
		return(wilcox.test(d, exact = TRUE)$p.value)
	ranks <- rank(abs(d))
	signs <- as.matrix(expand.grid(rep(list(0:1), length(d))))
	two_sided(signs %*% ranks, sum(ranks[d > 0]))
}

# Of an odd number of values: a resample's median is at most the k-th of them
# when more than half of what was drawn is. No drawing, and no approximation.
median_interval <- function(x) {
	n <- length(x)
	at_most <- pbinom((n - 1) / 2, n, seq_len(n) / n, lower.tail = FALSE)
	sort(x)[c(which(at_most >= 0.025)[1], which(at_most >= 0.975)[1])]
}

for (line in readLines("stdin")) {
	what <- sub(" .*", "", line)
	sides <- strsplit(sub("^[^ ]* ", "", line), "|", fixed = TRUE)[[1]]
	result <- switch(what,
		"mann-whitney" = mann_whitney(numbers(sides[1]), numbers(sides[2])),
		"wilcoxon" = wilcoxon(numbers(sides[1]), numbers(sides[2])),
		"median" = median_interval(numbers(sides[1])),
		"holm" = p.adjust(numbers(sides[1]), "holm"))
	cat(sprintf("%.17g", result), "\n")
}
