/* SPDX-License-Identifier: GPL-2.0 */
/* cmocka before 1.1.6 compares floats only, which is not near enough. */
#ifndef PFD_UNIT_NEAR_H
#define PFD_UNIT_NEAR_H

#include <math.h>

#define assert_near(value, expected, distance)                                 \
	assert_true(fabs((value) - (expected)) <= (distance))

#endif
