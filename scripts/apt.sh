# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# A private apt: Debian packages of any suite and architecture, unpacked
# without root and without touching the system's own apt. To be sourced after
# lib.sh. The mirrors are those that the system uses, plus backports; every suite
# is verified with the system's own keyring.

apt_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# apt_private DIR ARCH [SUITE...]: sets up the directory and the array
# apt_options; SUITE: one more, from the same mirrors.
apt_private() {
	local dir=$1 arch=$2 uri codename component
	shift 2
	have apt-get && have dpkg-deb && [[ -e $apt_keyring ]] || return 1
	mkdir -p "$dir"/{state/lists/partial,cache/archives/partial} || return 1
	: >"$dir/status"
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' \
		'Created-By: Packages' 'Origin: Debian' | sort -u |
		while read -r uri codename component; do
			[[ $component == main ]] || continue
			echo "deb [signed-by=$apt_keyring] $uri $codename main"
			# Of what is updated, the mirror has all else too.
			[[ $codename != *-* ]] || continue
			printf "deb [signed-by=$apt_keyring] $uri %s main\n" \
				"$codename-backports" "$@"
		done | sort -u >"$dir/sources.list"
	[[ -s $dir/sources.list ]] || return 1
	apt_options=(-q -o "Dir::Etc::sourcelist=$dir/sources.list"
		-o Dir::Etc::sourceparts=- -o "Dir::State=$dir/state"
		-o "Dir::State::status=$dir/status" -o "Dir::Cache=$dir/cache"
		-o "APT::Architecture=$arch" -o "APT::Architectures::=$arch"
		-o Acquire::Retries=2 -o Acquire::http::Timeout=30
		-o Acquire::Languages=none -o APT::Sandbox::User=root)
	# A suite without this architecture makes apt complain; what counts is
	# whether the packages are found afterwards.
	apt-get "${apt_options[@]}" update || true
}

# apt_fetch DIR PACKAGE...: downloads the packages into DIR.
apt_fetch() {
	local dir=$1
	shift
	mkdir -p "$dir" && (cd "$dir" && apt-get "${apt_options[@]}" download "$@")
}

# apt_fetch_all DIR PACKAGE...: the same with all that they depend on, as if
# nothing were installed.
apt_fetch_all() {
	local dir=$1
	shift
	mkdir -p "$dir/partial" && apt-get "${apt_options[@]}" -o "Dir::Cache::archives=$dir" \
		--yes --download-only --no-install-recommends install "$@"
}
