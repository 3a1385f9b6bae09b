/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How little a guest would have if it got hold of the emulator. */
#include "emulator.h"
#include "ops/host/asm.h"
#include "test_guests.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- how it is built --- */

static char *read_program(void)
{
    FILE *file = fopen(emulator_program(), "rb");
    ck_assert_ptr_nonnull(file);
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    char *image = malloc(size);
    ck_assert_ptr_nonnull(image);
    rewind(file);
    ck_assert_uint_eq(fread(image, 1, size, file), size);
    fclose(file);
    return image;
}

static const Elf64_Phdr *segment(const char *image, uint32_t type)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)image;
    const Elf64_Phdr *p = (const Elf64_Phdr *)(image + header->e_phoff);
    for (unsigned i = 0; i < header->e_phnum; i++)
        if (p[i].p_type == type)
            return &p[i];
    ck_abort_msg("no segment of type %x", type);
}

static uint64_t dynamic(const char *image, int64_t tag)
{
    const Elf64_Dyn *d = (const Elf64_Dyn *)(image + segment(image, PT_DYNAMIC)->p_offset);
    for (; d->d_tag != DT_NULL; d++)
        if (d->d_tag == tag)
            return d->d_un.d_val;
    return 0;
}

START_TEST(program_is_hardened)
{
    char *image = read_program();
    if (HOST_ASM) { /* templates made from C have addresses as numbers, of 32 bits */
        ck_assert_uint_eq(((const Elf64_Ehdr *)image)->e_type, ET_DYN);
        ck_assert(dynamic(image, DT_FLAGS_1) & DF_1_PIE);
    } else {
        ck_assert_uint_eq(((const Elf64_Ehdr *)image)->e_type, ET_EXEC);
    }
    ck_assert(dynamic(image, DT_FLAGS) & DF_BIND_NOW);
    ck_assert_uint_gt(segment(image, PT_GNU_RELRO)->p_memsz, 0);
    ck_assert(!(segment(image, PT_GNU_STACK)->p_flags & PF_X));
    /* It is mapped from its start on, so far. */
    const char *strings = image + (dynamic(image, DT_STRTAB) - segment(image, PT_LOAD)->p_vaddr);
    const char *end = strings + dynamic(image, DT_STRSZ), *s = strings;
    while (s < end && strcmp(s, "__stack_chk_fail") != 0)
        s += strlen(s) + 1;
    ck_assert_msg(s < end, "no stack protector");
    free(image);
}
END_TEST

/* --- what it may do once a guest runs --- */

enum { INHERITED = 50 };

static void leave_open(void)
{
    int fd = open("/etc/passwd", O_RDONLY);
    if (fd < 0 || dup2(fd, INHERITED) != INHERITED)
        _exit(127);
}

/* A line of a thread's status: "Seccomp:\t2". */
static void status_of(const char *folder, const char *thread, const char *name, char *value)
{
    char path[PATH_MAX];
    char line[256];
    snprintf(path, sizeof path, "%s/%s/status", folder, thread);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s", path);
    *value = 0;
    while (fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0)
            sscanf(line + strlen(name), " %63s", value);
    fclose(file);
    ck_assert_msg(*value != 0, "%s: no %s", path, name);
}

/* `wanted` in all threads. */
static void check_status(pid_t pid, const char *name, const char *wanted)
{
    char folder[64];
    char value[64];
    snprintf(folder, sizeof folder, "/proc/%d/task", (int)pid);
    DIR *threads = opendir(folder);
    ck_assert_ptr_nonnull(threads);
    for (struct dirent *d; (d = readdir(threads));) {
        if (*d->d_name == '.')
            continue;
        status_of(folder, d->d_name, name, value);
        ck_assert_msg(strcmp(value, wanted) == 0, "%s %s, not %s", name, value, wanted);
    }
    closedir(threads);
}

static bool has_descriptor(pid_t pid, int fd)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, fd);
    return access(path, F_OK) == 0;
}

static struct emulator *start_at_prompt(const char *const *arguments)
{
    struct emulator *e = emulator_start_with(ON_PIPES, arguments, leave_open);
    emulator_expect(e, "\n> ");
    return e;
}

START_TEST(sandbox_is_on)
{
    struct emulator *e = start_at_prompt((const char *[]){"-sandbox", "on", NULL} + 2 * _i);
    check_status(e->pid, "Seccomp:", "2");
    check_status(e->pid, "NoNewPrivs:", "1");
    check_status(e->pid, "CapEff:", "0000000000000000");
    check_status(e->pid, "CapPrm:", "0000000000000000");
    check_status(e->pid, "CapInh:", "0000000000000000");
    if (getuid() == 0) /* only who has privileges can make them lost for good */
        check_status(e->pid, "CapBnd:", "0000000000000000");
    ck_assert(!has_descriptor(e->pid, INHERITED));
    emulator_kill(e);
}
END_TEST

START_TEST(sandbox_can_be_off)
{
    struct emulator *e = start_at_prompt((const char *[]){"-sandbox", "off", NULL});
    check_status(e->pid, "Seccomp:", "0");
    check_status(e->pid, "NoNewPrivs:", "0");
    ck_assert(has_descriptor(e->pid, INHERITED));
    emulator_kill(e);
}
END_TEST

/* bash's <(echo exit 7) */
static void leave_a_script(void)
{
    static const char script[] = "exit 7\n";
    int ends[2];
    if (pipe(ends) != 0 || write(ends[1], script, sizeof script - 1) != sizeof script - 1 ||
        dup2(ends[0], INHERITED) != INHERITED)
        _exit(127);
    close(ends[0]);
    close(ends[1]);
}

START_TEST(what_is_inherited_can_be_opened)
{
    struct emulator *e = emulator_start_with(
        ON_PIPES, (const char *[]){"-script", "/dev/fd/50", NULL}, leave_a_script);
    int status = emulator_wait(e);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 7, "wait status %x",
                  (unsigned)status);
    emulator_kill(e);
}
END_TEST

/* --- where things are --- */

/* Mappings of the code cache, as large as the guest's memory, and one of others. */
struct places {
    uint64_t executable, writable, libc;
};

static struct places find_places(pid_t pid)
{
    char path[64];
    char line[512];
    uint64_t start, end;
    char rights[5];
    struct places p = {0};
    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *maps = fopen(path, "r");
    ck_assert_ptr_nonnull(maps);
    while (fgets(line, sizeof line, maps)) {
        ck_assert_int_eq(sscanf(line, "%lx-%lx %4s", &start, &end, rights), 3);
        ck_assert_msg(!strchr(rights, 'w') || !strchr(rights, 'x'), "%s", line);
        bool cache = end - start == 128 << 20 && !strstr(line, "/memfd:");
        if (cache && strcmp(rights, "r-xs") == 0)
            p.executable = start;
        if (cache && strcmp(rights, "rw-s") == 0)
            p.writable = start;
        if (strstr(line, "/libc.so") && !p.libc)
            p.libc = start;
    }
    fclose(maps);
    ck_assert(p.executable && p.writable && p.libc);
    return p;
}

/* And where one is does not tell where another is. */
START_TEST(code_is_at_another_place_each_time)
{
    struct places p[2];
    for (unsigned i = 0; i < 2; i++) {
        struct emulator *e = start_at_prompt((const char *[]){NULL});
        p[i] = find_places(e->pid);
        emulator_kill(e);
    }
    ck_assert_uint_ne(p[0].executable, p[1].executable);
    ck_assert_uint_ne(p[0].writable, p[1].writable);
    ck_assert_uint_ne(p[0].writable - p[0].executable, p[1].writable - p[1].executable);
    ck_assert_uint_ne(p[0].writable - p[0].libc, p[1].writable - p[1].libc);
}
END_TEST

Suite *posture_suite(void)
{
    Suite *suite = suite_create("posture");
    TCase *c = tcase_create("posture");
    tcase_set_timeout(c, CASE_TIMEOUT);
    if (!emulator_is_qemu()) {
        tcase_add_test(c, program_is_hardened);
        tcase_add_loop_test(c, sandbox_is_on, 0, 2);
        tcase_add_test(c, sandbox_can_be_off);
        tcase_add_test(c, what_is_inherited_can_be_opened);
        tcase_add_test(c, code_is_at_another_place_each_time);
    }
    suite_add_tcase(suite, c);
    return suite;
}
