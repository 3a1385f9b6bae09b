/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a stretch of guest code does to the world outside the cpu, so that another engine can do
 * the same stretch again and be compared:
 *
 *   struct write_log *log = write_log_create(memory, guest);
 *   log_record(log);            a run writes memory and reaches devices for real
 *   softmmu_log_writes(core, log);
 *   ... run one ...
 *   log_rewind(log);            memory is as it was before (registers are the caller's to restore)
 *   softmmu_log_writes(core, log);   now devices answer what they answered, and see nothing
 *   ... run the other ...
 *   softmmu_log_writes(core, NULL);
 *   equal = log_same(log, stderr);
 *
 * Memory is noted by the page: as it was before the first write to it, and as the first run left
 * it. What devices do to the memory map and to the cpu's lines is noted with the access that made
 * them do it, and done again there. softmmu_log_writes flushes the TLB, so that each page's first
 * write comes by here, and both runs walk the page tables and set accessed and dirty bits alike.
 */
#ifndef EXEC_REPORT_LOCKSTEP_LOG_H
#define EXEC_REPORT_LOCKSTEP_LOG_H

#include "exec/exec.h"
#include "exec/memory.h"
#include "ops/core.h"

struct guest;

struct write_log;

/* NULL if the host has no room. */
struct write_log *write_log_create(struct memory *memory, const struct guest *guest);
void write_log_destroy(struct write_log *log);

/* Forgets everything; what comes is done, and noted. */
void log_record(struct write_log *log);
/* Is it time to end the stretch: was a device reached, or is the log long? */
bool log_is_full(const struct write_log *log);
bool log_replays(const struct write_log *log);
/* Puts memory and its map back to what they were; what the last run made of it is what log_same
 * asks for. */
void log_rewind(struct write_log *log);
/*
 * The next run since log_rewind is the first one's again, and may come further than it did: then
 * devices answer all ones, there and in the run after it.
 */
void log_again(struct write_log *log);
/* Has the run since log_rewind done the same? If not, prints the first difference. */
bool log_same(const struct write_log *log, FILE *to);
/* What memory was before and has become is forgotten; what devices answered goes on from here. */
void log_step(struct write_log *log);
/* Keeps what the run before log_rewind made of memory, through more of them; and brings it back. */
void log_keep(struct write_log *log);
void log_bring_back(struct write_log *log);

/* --- for the softmmu and the board --- */

/* A page of RAM is about to be written, once or again: where it is in guest and in host memory. */
void log_page(struct write_log *log, uint32_t physical, uint8_t *host);

/* Anything that a run asks of the world or tells it: see exec_ask. */
enum log_kind {
    LOG_DEVICE_READ,
    LOG_DEVICE_WRITE,
    LOG_CLOCK,
    LOG_GUEST, /* and those behind it are the guest's own */
};
struct log_event {
    uint8_t kind, size;
    bool line, leave; /* the log's own: what the device left. The interrupt line, exit_request, */
    uint64_t lines;   /* the guest's other lines, */
    int32_t budget;   /* core.budget */
    uint32_t map;     /* number of the memory map; 0: as it was */
    uint32_t address; /* physical, or what the guest's kind has; none if size is 0 */
    uint32_t written;
    uint64_t read;
};
/*
 * False if the log records. Else fills in what was read, and drives the cpu as devices did then;
 * all ones, and nothing, if the recorded run did something else.
 */
bool log_replay(struct write_log *log, struct log_event *event, struct core *core);
void log_note(struct write_log *log, struct log_event *event, const struct core *core);

#endif
