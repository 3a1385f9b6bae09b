/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See place.h. */
#include "exec/place.h"
#include "exec/host/host.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/random.h>

/* The program, from its first byte to its last: the linker's names (ld(1), end(3)). */
/* NOLINTNEXTLINE(bugprone-reserved-identifier) */
extern const char __executable_start[], end[];

static const uintptr_t page = 4096;
static const uintptr_t lowest = 16 << 20; /* a null pointer with an offset reaches nothing */

enum { TRIES = 1000 };

struct range {
    uintptr_t from, to;
};

/* Below the program, if it fits there: the heap is behind it, and grows. Where the program is low
 * (-no-pie), so is what is near it: templates may have addresses as numbers. */
static struct range near_program(size_t size)
{
    uintptr_t first = (uintptr_t)__executable_start, last = (uintptr_t)end;
    uintptr_t near = host_space.near;
    struct range below = {last > near + lowest ? last - near : lowest, first};

    if (below.to > below.from && below.to - below.from > size)
        return below;
    return (struct range){below.from, first < host_space.low ? host_space.low : first + near};
}

static struct range range_of(enum place place, size_t size)
{
    switch (place) {
    case PLACE_NEAR:
        return near_program(size);
    case PLACE_LOW:
        return (struct range){lowest, host_space.low};
    default:
        return (struct range){2 * host_space.low, host_space.end};
    }
}

/* Asked once, at the start: later it may not be allowed. */
static bool addresses_are_random(void)
{
    static int persona = -1;

    if (persona == -1)
        persona = personality(0xffffffff);
    return persona == -1 || !(persona & ADDR_NO_RANDOMIZE);
}

static uint64_t random_number(uint64_t previous)
{
    uint64_t number;

    if (addresses_are_random() && getrandom(&number, sizeof number, 0) == sizeof number)
        return number;
    /* Knuth's generator (MMIX); its low bits are the worse ones. */
    number = previous * 6364136223846793005 + 1442695040888963407;
    return number ^ number >> 32;
}

void *place_map(enum place place, size_t size, int protection, int sharing)
{
    int flags = sharing | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
    struct range r = range_of(place, size);
    uint64_t number = (uint64_t)place;

    for (unsigned i = 0; i < TRIES && r.to - r.from > size; i++) {
        number = random_number(number);
        void *wanted = (void *)((r.from + number % (r.to - r.from - size)) & -page);
        void *at = mmap(wanted, size, protection, flags, -1, 0);
        if (at == wanted)
            return at;
        if (at != MAP_FAILED) /* Linux before 4.17 takes the address for a wish */
            munmap(at, size);
        else if (errno != EEXIST)
            return NULL;
    }
    errno = ENOMEM;
    return NULL;
}
