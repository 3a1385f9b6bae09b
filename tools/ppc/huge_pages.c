/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into a compiler by build-guests.sh: what it maps for its heap, 2 MiB and more at once,
 * is in huge pages where the host leaves that to programs. A sixth of its time goes to faults else.
 */
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { HUGE_PAGE = 2 << 20 };

void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset)
{
    void *at = (void *)syscall(SYS_mmap, address, size, protection, flags, file, offset);

    if (at != MAP_FAILED && flags & MAP_ANONYMOUS && size >= HUGE_PAGE)
        madvise(at, size, MADV_HUGEPAGE);
    return at;
}
