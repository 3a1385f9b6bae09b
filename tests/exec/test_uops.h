/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tests of micro-ops of both guests share: each is run by itself, with a page of memory. */
#ifndef TESTS_EXEC_TEST_UOPS_H
#define TESTS_EXEC_TEST_UOPS_H

#include "tests/assert.h"
#include "translate/uop.h"

TCase *liveness_case(void);
TCase *tables_case(void);
TCase *ppc_case(void);

enum { PAGE = 0x1000, PAGE_AT = 0x7000, DISP = 8 };
/* Where it may go on: what was put there to say so. */
enum { WENT_ON, WENT_TO_TARGET, WENT_COLD };

/* The page is all that the TLB has. */
static inline void map_page(struct core_rest *rest, const u8 *page)
{
    for (unsigned i = 0; i < TLB_SIZE; i++)
        rest->tlb[0][i].read = rest->tlb[0][i].write = TLB_NONE;
    *tlb_find(rest->tlb[0], PAGE_AT) =
        (struct tlb_entry){PAGE_AT, PAGE_AT, (u64)(uintptr_t)page - PAGE_AT};
}

static inline bool has_address(const struct uop *u)
{
    return uop_row(u)->access.kind || uop_row(u)->params == PARAMS_WINDOW_CHECK;
}

static inline bool is_at_t0(const struct uop *u)
{
    return uop_row(u)->params == PARAMS_AT_T0 || uop_row(u)->params == PARAMS_WINDOW_AT_T0;
}

/* Those of what has an address; `rest`: where in the cpu its struct core_rest is, in bytes. */
static inline void set_memory_params(const struct uop *u, size_t rest, u64 *param)
{
    bool store = uop_row(u)->access.kind == ACCESS_STORE;
    size_t tlb = rest + offsetof(struct core_rest, tlb);

    if (!has_address(u))
        return;
    if (!is_at_t0(u))
        *param++ = DISP;
    if (uop_row(u)->params == PARAMS_ACCESS || uop_row(u)->params == PARAMS_AT_T0) {
        param[0] =
            tlb + (store ? offsetof(struct tlb_entry, write) : offsetof(struct tlb_entry, read));
        param[1] = tlb + offsetof(struct tlb_entry, addend);
    } else if (uop_row(u)->params == PARAMS_WINDOW_CHECK) { /* of half of the addresses */
        param[0] = PAGE / 2;
        param[1] = rest + offsetof(struct core_rest, window[0].page);
    }
}

#endif
