/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See image.h. */
#include "tests/ppc/image.h"

#include "exec/memory.h"
#include "ops/ppc/cpu.h"
#include "tests/assert.h"
#include "tests/exec/no_board.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RAM = 16 << 20, EXIT_DEVICE = 0xe0001000, MOST_IMAGE = 8 << 20 };

void record_swap(struct record *r)
{
    u32 *words = (u32 *)r;

    for (size_t i = 0; i < offsetof(struct record, fpr) / 4; i++)
        words[i] = __builtin_bswap32(words[i]);
    for (size_t i = 0; i < 32; i++)
        r->fpr[i] = __builtin_bswap64(r->fpr[i]);
    for (size_t i = 0; i < CODE_WORDS; i++)
        r->code[i] = __builtin_bswap32(r->code[i]);
}

/* --- the file --- */

struct image {
    u8 *bytes;
    size_t size;
};

static struct image read_image(const char *path)
{
    struct image i = {.bytes = malloc(MOST_IMAGE)};
    FILE *f = fopen(path, "rb");

    ck_assert_msg(f && i.bytes, "%s: cannot be read", path);
    i.size = fread(i.bytes, 1, MOST_IMAGE, f);
    fclose(f);
    return i;
}

/* Calls back for each segment; what is at `address` in the file. */
static u8 *each_segment(struct image *i, u32 address, struct memory *into, u32 *entry)
{
    u8 *found = NULL;
    size_t count = 0;
    GElf_Ehdr e;
    GElf_Phdr p;

    elf_version(EV_CURRENT);
    Elf *elf = elf_memory((char *)i->bytes, i->size);
    ck_assert(elf && gelf_getehdr(elf, &e) && elf_getphdrnum(elf, &count) == 0);
    for (size_t n = 0; n < count; n++) {
        ck_assert(gelf_getphdr(elf, (int)n, &p));
        if (p.p_type != PT_LOAD)
            continue;
        if (into)
            memory_copy_in(into, (u32)p.p_paddr, i->bytes + p.p_offset, p.p_filesz);
        if (address >= p.p_vaddr && address < p.p_vaddr + p.p_filesz)
            found = i->bytes + p.p_offset + (address - p.p_vaddr);
    }
    *entry = (u32)e.e_entry;
    elf_end(elf);
    return found;
}

static u8 *cases_in(struct image *i)
{
    u32 entry;
    u8 *cases = each_segment(i, CASES, NULL, &entry);

    ck_assert_ptr_nonnull(cases);
    return cases;
}

u32 image_save(void)
{
    struct image i = read_image(BUILD "/tests/ppc/bare.elf");
    u32 save;

    memcpy(&save, cases_in(&i) + CASES_SAVE, sizeof save);
    free(i.bytes);
    return __builtin_bswap32(save);
}

static void put_cases(struct image *i, const struct record *records, u32 count)
{
    u8 *cases = cases_in(i);
    u32 number = __builtin_bswap32(count);

    ck_assert_uint_le(count, MOST_CASES);
    memcpy(cases + CASES_COUNT, &number, sizeof number);
    memcpy(cases + CASES_FIRST, records, count * sizeof *records);
}

/* --- QEMU --- */

void image_run_qemu(const char *processor, struct record *records, u32 count)
{
    char path[] = "/tmp/tessera-ppc-XXXXXX", command[256];
    struct image i = read_image(BUILD "/tests/ppc/linux.elf");
    int fd = mkstemp(path);

    ck_assert_int_ge(fd, 0);
    put_cases(&i, records, count);
    ck_assert_int_eq(write(fd, i.bytes, i.size), (ssize_t)i.size);
    fchmod(fd, 0700);
    close(fd);
    snprintf(command, sizeof command, "timeout 300 qemu-ppc -cpu %s %s", processor, path);
    FILE *f = popen(command, "r");
    ck_assert_ptr_nonnull(f);
    size_t got = fread(records, sizeof *records, count, f);
    int status = pclose(f);
    unlink(path);
    free(i.bytes);
    ck_assert_msg(status == 0, "qemu-ppc -cpu %s: status %x (is qemu-user installed?)", processor,
                  (unsigned)status);
    ck_assert_uint_eq(got, count);
}

/* --- our engines --- */

static struct exec *running;

static u32 read_exit(void *device, u32 offset, unsigned size)
{
    (void)device, (void)offset, (void)size;
    return 0;
}

static void write_exit(void *device, u32 offset, u32 value, unsigned size)
{
    (void)device, (void)offset, (void)value, (void)size;
    exec_stop(running);
}

void image_run(const struct exec_options *engine, struct record *records, u32 count)
{
    struct exec_options options = *engine;
    const char *error = NULL;
    struct memory *memory = memory_create(RAM, &error);
    struct image i = read_image(BUILD "/tests/ppc/bare.elf");
    u32 entry;

    options.guest = &ppc_guest;
    options.cache_size = 16 << 20;
    ck_assert_ptr_nonnull(memory);
    ck_assert_ptr_nonnull(memory_map_io(memory, EXIT_DEVICE, 0x1000, read_exit, write_exit, NULL));
    put_cases(&i, records, count);
    each_segment(&i, 0, memory, &entry);
    running = exec_create(&options, memory, &no_board.board, &error);
    ck_assert_msg(running != NULL, "%s", error);
    exec_ppc_flat(running);
    exec_core(running)->pc = entry;
    exec_run(running);
    memory_copy_out(memory, records, CASES + CASES_FIRST, count * sizeof *records);
    exec_destroy(running);
    memory_destroy(memory);
    free(i.bytes);
}
