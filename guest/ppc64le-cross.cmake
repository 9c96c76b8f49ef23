# SPDX-License-Identifier: GPL-2.0
#
# Cross-compiles the guest's tools for ppc64le: the C library is the cross
# compiler's own, everything else comes from build/sysroot (guest/sysroot.sh).
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ppc64le)
set(CMAKE_C_COMPILER powerpc64le-linux-gnu-gcc)

get_filename_component(PFD_SYSROOT
	"${CMAKE_CURRENT_LIST_DIR}/../build/sysroot" ABSOLUTE)
set(CMAKE_FIND_ROOT_PATH "${PFD_SYSROOT}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_LIBRARY_ARCHITECTURE powerpc64le-linux-gnu)

# -isystem: the warnings of other people's headers are not ours to fix. The
# prefix map and --build-id: the same bytes wherever the clone lies.
get_filename_component(PFD_ROOT "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
set(CMAKE_C_FLAGS_INIT "-ffile-prefix-map=${PFD_ROOT}=. -isystem ${PFD_SYSROOT}/usr/include -isystem ${PFD_SYSROOT}/usr/include/powerpc64le-linux-gnu")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static -Wl,--build-id=none -L${PFD_SYSROOT}/usr/lib/powerpc64le-linux-gnu")

set(ENV{PKG_CONFIG_LIBDIR} "${PFD_SYSROOT}/usr/lib/powerpc64le-linux-gnu/pkgconfig:${PFD_SYSROOT}/usr/share/pkgconfig")
set(ENV{PKG_CONFIG_SYSROOT_DIR} "${PFD_SYSROOT}")
