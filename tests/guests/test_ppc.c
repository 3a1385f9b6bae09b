/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -M ppc-bare with a program in PowerPC assembly, ppc.S: in each engine, listed, counted. */
#include "emulator.h"
#include "test_guests.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MACHINE "-M", "ppc-bare"
enum { STATUS = 500500 & 0xff, TEXT = 1 << 20 };

/* Runs the program with these options to its end. */
static struct emulator *run_with(const char *const *more)
{
    const char *arguments[16] = {MACHINE, "-kernel", PPC_PROGRAM};
    for (int i = 0; more[i]; i++)
        arguments[4 + i] = more[i];
    struct emulator *e = emulator_start(ON_PIPES, arguments);
    emulator_expect(e, "PowerPC: 500500\n");
    int status = emulator_wait(e);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == STATUS, "wait status %x, output:\n%s",
                  (unsigned)status, e->text);
    return e;
}

static const char *const engines[] = {"template", "interp",   "ir",
                                      "mixed:5",  "lockstep", "lockstep:ir,interp"};
enum { ENGINES = sizeof engines / sizeof *engines };

START_TEST(runs_in_each_engine)
{
    emulator_kill(run_with((const char *[]){"-jit", engines[_i], NULL}));
}
END_TEST

START_TEST(runs_with_the_least_memory)
{
    emulator_kill(run_with((const char *[]){"-m", "1", NULL}));
}
END_TEST

/* Goes on behind the text, which must be there. */
static const char *past(const char *at, const char *text)
{
    const char *found = strstr(at, text);
    ck_assert_msg(found != NULL, "no \"%s\" in:\n%.2000s", text, at);
    return found + strlen(text);
}

static void read_text(int fd, char text[TEXT])
{
    ssize_t size = read(fd, text, TEXT - 1);
    ck_assert_int_gt(size, 0);
    text[size] = 0;
    close(fd);
}

/* Runs it and gives its log of ITEMS, out of a file: elsewhere it parts what the program prints. */
static const char *log_of(const char *items, const char *engine)
{
    static char texts[2][TEXT];
    char name[] = "/tmp/tessera-log-XXXXXX", *text = texts[strcmp(engine, "ir") == 0];
    int fd = mkstemp(name);
    ck_assert_int_ge(fd, 0);
    emulator_kill(run_with((const char *[]){"-d", items, "-D", name, "-jit", engine, NULL}));
    read_text(fd, text);
    unlink(name);
    return text;
}

START_TEST(a_block_is_listed_in_its_forms)
{
    const char *at = past(log_of("in_asm,op,out_asm,cpu", "template"), " guest:\n");
    at = past(at, ": addi r1, r1, ");
    at = past(at, ": stw r3, 8(r1)\n");
    at = past(at, ": lhz r6, 0xc(r1)\n");
    at = past(at, ": blr");
    at = past(at, " micro-ops:\n");
    at = past(at, "addi       r1, 0xfffffff0\n");
    at = past(at, "bswap");
    at = past(at, "st32");
    at = past(at, " host, ");
    at = past(at, "0xfffffff0");
    past(at, "msr 00002000");
}
END_TEST

/* How often a word stands in a text before its `end`. */
static unsigned count_before(const char *text, const char *end, const char *word)
{
    unsigned n = 0;
    while ((text = strstr(text, word)) != NULL && text < end)
        n++, text++;
    return n;
}

/* Its function stores and loads a word and a halfword: each turns its bytes once. */
static const struct {
    const char *engine;
    unsigned bswap, rol; /* the IR's halfwords are the upper ones of a word that is turned */
} turned[] = {{"template", 2, 2}, {"ir", 4, 0}};

START_TEST(an_access_turns_its_bytes_once)
{
    const char *at = past(log_of("out_asm", turned[_i].engine), "block 0001006c:");
    const char *end = strstr(at, "jmp    *");
    ck_assert_ptr_nonnull(end);
    ck_assert_uint_eq(count_before(at, end, "bswap "), turned[_i].bswap);
    ck_assert_uint_eq(count_before(at, end, "rol "), turned[_i].rol);
}
END_TEST

/* A column of the README's, from `at` up to `end`: it is next in a log; to [ if that is there. */
static const char *next_listed(const char *log, const char *at, const char *end)
{
    char wanted[80];
    const char *bracket = memchr(at, '[', (size_t)(end - at));
    if (bracket)
        end = bracket;
    while (end > at && end[-1] == ' ')
        end--;
    while (at < end && *at == ' ')
        at++;
    snprintf(wanted, sizeof wanted, "%.*s", (int)(end - at), at);
    return past(log, wanted);
}

/* Lines of two columns, up to an empty one, each of them in the order of its log. */
static const char *same_columns(const char *line, const char *left, const char *right)
{
    enum { INDENT = 6, RIGHT = 44 };
    for (const char *end; (end = strchr(line, '\n')) > line; line = end + 1) {
        bool is_wide = end - line > RIGHT;
        left = next_listed(left, line + INDENT, is_wide ? line + RIGHT : end);
        if (is_wide)
            right = next_listed(right, line + RIGHT, end);
    }
    return line + 1;
}

/* Where each of the README's two listings begins, behind this, and its block. */
static const struct {
    const char *behind, *block;
} listed[] = {{"(-jit ir):\n\n", "block 00010040:"},
              {"adds 8 to -16 itself:\n\n", "block 0001006c:"}};

START_TEST(readme_lists_it_as_it_is)
{
    static char readme[TEXT];
    const char *block = past(log_of("in_asm,op,out_asm", "template"), listed[_i].block);
    const char *of_ir = past(log_of("in_asm,op,out_asm", "ir"), listed[_i].block);
    read_text(open("README", O_RDONLY), readme);
    const char *line = past(readme, listed[_i].behind);
    line = same_columns(line, past(block, " guest:\n"), past(block, " micro-ops:\n"));
    if (HOST_ASM) /* templates made from C have other host code */
        same_columns(line, past(block, " host, "), past(of_ir, " host, "));
}
END_TEST

/* The number behind the text. */
static unsigned long number_past(const char *at, const char *text)
{
    return strtoul(past(at, text), NULL, 10);
}

/* The loop alone: a thousand times seven instructions, and eight in the function. */
START_TEST(its_work_is_counted)
{
    struct emulator *e = run_with((const char *[]){"-stats", "-count", NULL});
    ck_assert_uint_gt(number_past(e->text, "blocks translated "), 5);
    ck_assert_uint_eq(number_past(e->text, "interrupts "), 1);
    ck_assert_uint_ge(number_past(e->text, "supervisor code "), 15000);
    emulator_kill(e);
}
END_TEST

/* Nearly all of it is lowered; a call of C is as its template. */
START_TEST(its_loop_is_code_of_the_ir)
{
    struct emulator *e = run_with((const char *[]){"-jit", "ir", "-stats", NULL});
    const char *at = past(e->text, "\nIR  ");
    ck_assert_uint_gt(number_past(at, " "), 5);
    ck_assert_uint_eq(number_past(at, "blocks, "), 0);
    ck_assert_uint_lt(number_past(at, "micro-ops "), 10);
    emulator_kill(e);
}
END_TEST

START_TEST(counters_are_json)
{
    struct emulator *e = run_with((const char *[]){"-stats-json", "/dev/stderr", NULL});
    ck_assert_uint_gt(number_past(e->text, "\"translation\": {\"blocks\": "), 5);
    emulator_kill(e);
}
END_TEST

START_TEST(its_interrupt_is_logged)
{
    past(log_of("int", "template"), "interrupt 4 at 000100");
}
END_TEST

/* --- what it is not given to run --- */

static const struct {
    const char *arguments[4];
    const char *why;
} refused[] = {
    {{"-kernel", DEFAULT_GUEST}, "for another processor (ELF machine 3, 32 bits)"},
    {{"-kernel", "/proc/self/exe"}, "for another processor (ELF machine 62, 64 bits)"},
    {{"-kernel", PPC_OBJECT}, "not linked to fixed addresses"},
    {{"-kernel", "tests/guests/ppc.S"}, "not an ELF executable"},
    {{NULL}, "needs a program"},
    {{"-kernel", PPC_PROGRAM, "-initrd", PPC_PROGRAM}, "-initrd: the machine ppc-bare has no"},
    {{"-kernel", PPC_PROGRAM, "-append", "x"}, "-append: "},
    {{"-kernel", PPC_PROGRAM, "-cpu", "486"}, "-cpu 486: the machine ppc-bare has no"},
    {{"-kernel", PPC_PROGRAM, "-parallel", "null"}, "-parallel: "},
    {{"-kernel", PPC_PROGRAM, "-debugcon", "stdio"}, "-debugcon: "},
    {{"-kernel", PPC_PROGRAM, "-device", "isa-debug-exit"}, "-device isa-debug-exit: "},
    {{"-bios", SEABIOS}, "-bios: "},
    {{"-kernel", PPC_PROGRAM, "-usb"}, "-usb: "},
    {{"-kernel", PPC_PROGRAM, "-device", "sb16"}, "sound: "},
    {{"-kernel", PPC_PROGRAM, "-nic", "user"}, "-nic, -net or the like: "},
};
enum { REFUSED = sizeof refused / sizeof *refused };

START_TEST(what_it_cannot_run_is_refused)
{
    const char *arguments[8] = {MACHINE};
    for (int i = 0; i < 4; i++)
        arguments[2 + i] = refused[_i].arguments[i];
    struct emulator *e = emulator_start(ON_PIPES, arguments);
    int status = emulator_wait(e);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 1, "%s", e->text);
    ck_assert_msg(strncmp(e->text, "tessera: ", 9) == 0 &&
                      strchr(e->text, '\n') == e->text + strlen(e->text) - 1,
                  "not one line: %s", e->text);
    past(e->text, refused[_i].why);
    emulator_kill(e);
}
END_TEST

Suite *ppc_suite(void)
{
    Suite *suite = suite_create("PowerPC");
    TCase *c = tcase_create("PowerPC");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_loop_test(c, runs_in_each_engine, 0, ENGINES);
    tcase_add_test(c, runs_with_the_least_memory);
    tcase_add_test(c, a_block_is_listed_in_its_forms);
    tcase_add_loop_test(c, an_access_turns_its_bytes_once, 0, 2);
    /* Templates made from C have no stack window, which the second one shows. */
    tcase_add_loop_test(c, readme_lists_it_as_it_is, 0, HOST_ASM ? 2 : 1);
    tcase_add_test(c, its_work_is_counted);
    tcase_add_test(c, its_loop_is_code_of_the_ir);
    tcase_add_test(c, counters_are_json);
    tcase_add_test(c, its_interrupt_is_logged);
    tcase_add_loop_test(c, what_it_cannot_run_is_refused, 0, REFUSED);
    suite_add_tcase(suite, c);
    return suite;
}
