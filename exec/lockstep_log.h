/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a stretch of guest code does to the world outside the cpu, so that two engines can run
 * the same stretch one after the other and be compared:
 *
 *   struct write_log *a = write_log_create(memory), *b = write_log_create(memory);
 *   log_start_record(a);      a run writes memory and reaches devices for real; all is noted
 *   mem_log_writes(cpu, a);
 *   ... run one ...
 *   log_undo(a);              memory is as it was before (registers are the caller's to restore)
 *   log_start_replay(b, a);   now devices answer what they answered, and see nothing
 *   mem_log_writes(cpu, b);
 *   ... run the other ...
 *   mem_log_writes(cpu, NULL);
 *   equal = log_compare(a, b, stderr);
 *
 * mem_log_writes (exec/i386/mmu.h) flushes the TLB, so that both runs walk the page tables and
 * set accessed and dirty bits alike. What a device changes by itself (DMA) is not noted: it
 * stays done, which is right as long as the stretch ends with the access that caused it.
 */
#ifndef EXEC_LOCKSTEP_LOG_H
#define EXEC_LOCKSTEP_LOG_H

#include "exec/exec.h"
#include "exec/memory.h"

struct write_log;

/* NULL if the host has no room. */
struct write_log *write_log_create(struct memory *memory);
void write_log_destroy(struct write_log *log);

void log_start_record(struct write_log *log);
void log_start_replay(struct write_log *log, const struct write_log *recorded);
/* Takes the memory writes back, last one first, and keeps the notes; translated code is told. */
void log_undo(struct write_log *log);
/* Did both do the same? If not, prints the first difference. */
bool log_compare(const struct write_log *a, const struct write_log *b, FILE *to);

/* --- for the softmmu and the port instructions --- */

/* Notes a write to RAM. */
void log_memory_write(struct write_log *log, uint32_t address, uint32_t old_value,
                      uint32_t new_value, unsigned size);
/* Device memory and ports: done and noted, or answered from the recorded run. */
uint32_t log_device_read(struct write_log *log, uint32_t address, unsigned size);
void log_device_write(struct write_log *log, uint32_t address, uint32_t value, unsigned size);
uint32_t log_port_read(struct write_log *log, const struct board *board, uint16_t port,
                       unsigned size);
void log_port_write(struct write_log *log, const struct board *board, uint16_t port, uint32_t value,
                    unsigned size);

#endif
