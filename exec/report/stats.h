/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The counters of a run, as lines for people (-stats) and as JSON (-stats-json). The JSON, all
 * counts from the start of the guest:
 *
 *   schema         "tessera-stats 1"
 *   engine         that ran: template, interp, ...
 *   translation    blocks, insns, bytes: of the guest, each time that they were translated; uops;
 *                  code_bytes; nanoseconds
 *   improved       what of that the better engine of two (mixed) did: blocks, insns, code_bytes,
 *                  nanoseconds
 *   ir             struct ir_stats of translate/ir/ir.h, all zero if the IR engine made nothing
 *   cache          bytes in use; evictions: blocks that made room for others; flushes: all were
 *                  forgotten; kills, and looks at blocks for them; chains made, unchains
 *   window         blocks that use the stack window; forms: made for when its check fails; left:
 *                  before a device in their midst; without: made again so; put_off: made so for
 *                  now, since their code is written often; passed: chains past their check
 *   loop           entries of blocks from the exec loop; unchained: those of them by jumps that
 *                  could be chained; exceptions, interrupts
 *   mmu            misses of the TLB, walks of page tables, flushes, page_flushes; jump_scans:
 *                  those of them that looked through the jump cache; devices (accesses),
 *                  code_writes
 *
 * and with -count
 *
 *   samples        of the cpu thread's time, by what it was at: loop, translation, helpers, code
 *   user, supervisor   by privilege of the code:
 *     guest        struct guest_quality, see quality.h
 *     covered      guest instructions executed in the blocks that `host` is about;
 *                  covered_bytes, of these blocks
 *     host         by engine: struct host_quality
 *     jump_cache   lookups; hits
 *     chains       jumps: executed, that can be chained; taken: those that were
 *   uncounted_blocks
 *   hottest        a list of blocks, of both privileges: address, mode (enum mode), insns, bytes;
 *                  executed: guest instructions; runs, of each segment; loads, stores,
 *                  flags_set, flags_stored: executed; guest: [address, text]...; uops: texts;
 *                  host, by engine: struct host_quality, code: [offset, guest address, part,
 *                  text]..., and base, the address for which the text is right
 */
#ifndef EXEC_REPORT_STATS_H
#define EXEC_REPORT_STATS_H

#include "exec/block.h"
#include "exec/softmmu.h"

/* What the exec loop does; entries of user code are [1]. */
struct loop_stats {
    u64 entries[2];
    u64 unchained[2]; /* entries by jumps that could have been chained */
    u64 exceptions, interrupts;
};

struct run_stats {
    const char *engine;
    const struct cache_stats *cache;
    size_t cache_used;
    const struct mmu_stats *mmu;
    const struct loop_stats *loop;
    struct profile *profile; /* NULL without -count */
    const struct sampler *sampler;
};

/* What stats_write wants of the host, and may not get later, when little is allowed. */
void stats_prepare(void);
void stats_print(const struct run_stats *s, FILE *to);
/* False if the host has no room for it, in memory or in the file. */
bool stats_write(const struct run_stats *s, FILE *to);

#endif
