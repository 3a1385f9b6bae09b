/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See window.h. */
#include "exec/window.h"

#include "exec/softmmu_tables.h"

void window_forget(struct core *core)
{
    for (unsigned user = 0; user < PRIVILEGES; user++)
        core->rest->window[user].page = WINDOW_NONE;
}

void window_forget_lost(struct core *core)
{
    for (unsigned user = 0; user < PRIVILEGES; user++) {
        struct memory_window *w = &core->rest->window[user];
        const struct tlb_entry *e = tlb_entry(core, user, (u32)w->page);
        if (e->write != w->page || e->addend != w->addend)
            w->page = WINDOW_NONE;
    }
}

void window_forget_host(struct core *core, const u8 *host, size_t size)
{
    for (unsigned user = 0; user < PRIVILEGES; user++) {
        struct memory_window *w = &core->rest->window[user];
        if (w->page != WINDOW_NONE && tlb_reaches(w->addend, w->page, host, size))
            w->page = WINDOW_NONE;
    }
}
