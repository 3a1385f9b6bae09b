/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See stage.h. */
#include "tests/snapshot/stage.h"

#include "exec/memory.h"
#include "hw/cli/command_line.h"
#include "hw/device.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

extern const unsigned char default_guest[];
extern const unsigned default_guest_size;

enum { ARGUMENTS = 32 };

static void parse(struct options *o, const char *const *arguments)
{
    char *argv[ARGUMENTS] = {"tessera", "-serial", "null", "-display", "none"};
    struct error error = {""};
    int argc = 5;
    for (; *arguments; arguments++)
        argv[argc++] = (char *)*arguments;
    ck_assert_int_lt(argc, ARGUMENTS);
    ck_assert_msg(options_parse(o, argc, argv, &error), "%s", error.text);
}

/* The time is over: in the middle of exec_run. */
static void ring(void *stage, uint64_t now)
{
    struct stage *s = stage;
    (void)now;
    exec_stop(s->machine.exec);
}

void stage_open(struct stage *s, const char *const *arguments)
{
    const struct default_kernel kernel = {default_guest, default_guest_size};
    struct error error = {""};
    memset(s, 0, sizeof *s);
    parse(&s->options, arguments);
    s->m = s->options.machine->create(&s->options, kernel, &error);
    ck_assert_msg(s->m != NULL, "%s", error.text);
    ck_assert_msg(s->options.machine->start(s->m, &error), "%s", error.text);
    s->options.machine->power_on(s->m);
    s->machine = s->options.machine->snapshot(s->m);
    timer_init(&s->ring, &s->machine.host->host_timers, ring, s);
    ck_assert(control_continue(&s->machine.host->control, &error));
}

void stage_close(struct stage *s)
{
    timer_cancel(&s->ring);
    snapshot_forget(&s->machine);
    s->options.machine->destroy(s->m);
    options_free(&s->options);
}

void stage_run(struct stage *s, unsigned milliseconds)
{
    struct timers *q = &s->machine.host->host_timers;
    timer_set(&s->ring, timers_now(q) + (uint64_t)milliseconds * NS_PER_MS);
    surroundings_service(s->machine.host);
    exec_run(s->machine.exec);
}

/* --- looking --- */

char *stage_print(struct stage *s)
{
    char *text, *all;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    struct exec_state cpu = exec_open_state(s->machine.exec);
    state_print(cpu.table, "cpu", cpu.cpu, f);
    exec_close_state(s->machine.exec, false);
    devices_print(s->machine.devices, f);
    fclose(f);
    all = strdup(text);
    *all = '\0';
    for (char *rest, *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        if (strncmp(line, "clock-", 6) != 0)
            strcat(strcat(all, line), "\n");
    free(text);
    return all;
}

static uint64_t digest(const uint8_t *page)
{
    uint64_t sum = 0, word;
    for (unsigned i = 0; i < PAGE_SIZE; i += sizeof word) {
        memcpy(&word, page + i, sizeof word);
        sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        sum ^= sum >> 29;
    }
    return sum;
}

struct stage_memory stage_memory(const struct stage *s)
{
    struct memory *m = s->machine.memory;
    struct stage_memory all = {.pages = memory_pages(m)};
    all.digest = calloc(all.pages, sizeof *all.digest);
    uint32_t page = 0, end;
    while (memory_next_used(m, &page, &end))
        for (; page < end; page++)
            all.digest[page] = digest(memory_page_bytes(m, page));
    return all;
}

void stage_expect_same_text(char *a, char *b)
{
    char *rest_a, *rest_b;
    const char *x = strtok_r(a, "\n", &rest_a), *y = strtok_r(b, "\n", &rest_b);
    for (; x && y; x = strtok_r(NULL, "\n", &rest_a), y = strtok_r(NULL, "\n", &rest_b))
        ck_assert_str_eq(x, y);
    ck_assert(!x && !y);
    free(a);
    free(b);
}

void stage_expect_same_memory(struct stage_memory a, struct stage_memory b)
{
    ck_assert_uint_eq(a.pages, b.pages);
    for (uint32_t page = 0; page < a.pages; page++)
        ck_assert_msg(a.digest[page] == b.digest[page], "page %x differs", page);
    free(a.digest);
    free(b.digest);
}

/* --- files --- */

int stage_file(void)
{
    int fd = memfd_create("snapshot", MFD_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    return fd;
}

int stage_save(struct stage *s)
{
    struct error error = {""};
    int fd = stage_file();
    ck_assert_msg(snapshot_save(&s->machine, fd, "test", NULL, &error), "%s", error.text);
    return fd;
}

void stage_load(struct stage *s, int fd)
{
    struct error error = {""};
    bool broken;
    ck_assert_msg(snapshot_load(&s->machine, fd, "test", &broken, &error), "%s", error.text);
}

/* --- machines --- */

void stage_open_linux(struct stage *s, const char *engine)
{
    const char *const arguments[] = {"-m",      "64",
                                     "-jit",    engine,
                                     "-kernel", "build/guests/linux",
                                     "-initrd", "build/guests/initrd.gz",
                                     "-append", "console=ttyS0 rdinit=/bin/sh",
                                     NULL};
    stage_open(s, arguments);
}

void stage_open_small(struct stage *s)
{
    stage_open(s, (const char *const[]){"-m", "8", "-vga", "none", NULL});
}

/* --- files as bytes --- */

struct stage_bytes stage_bytes(int fd)
{
    struct stage_bytes b = {.size = (size_t)lseek(fd, 0, SEEK_END)};
    b.at = malloc(b.size);
    ck_assert_int_eq(pread(fd, b.at, b.size, 0), (ssize_t)b.size);
    return b;
}

int stage_file_of(const uint8_t *bytes, size_t size)
{
    int fd = stage_file();
    ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
    return fd;
}

struct stage_bytes stage_unpack(const struct stage_bytes *file)
{
    enum { MOST = 32 << 20 };
    struct stage_bytes b = {.at = malloc(MOST)};
    b.size = ZSTD_decompress(b.at, MOST, file->at + STAGE_HEAD, file->size - STAGE_HEAD);
    ck_assert(!ZSTD_isError(b.size));
    return b;
}

int stage_pack(const struct stage_bytes *file, const uint8_t *bytes, size_t size)
{
    size_t room = STAGE_HEAD + ZSTD_compressBound(size);
    uint8_t *to = malloc(room);
    memcpy(to, file->at, STAGE_HEAD);
    size_t packed = ZSTD_compress(to + STAGE_HEAD, room - STAGE_HEAD, bytes, size, 1);
    ck_assert(!ZSTD_isError(packed));
    int fd = stage_file_of(to, STAGE_HEAD + packed);
    free(to);
    return fd;
}
