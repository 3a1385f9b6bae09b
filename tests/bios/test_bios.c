/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Boots the program of program/ by our BIOS from every kind of medium, in Tessera, QEMU and Bochs.
 * What it reports is to be all good, and complete.
 */
#include "tests/bios/test_bios.h"

#include "tests/suites.h"
#include "tests/system/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 90 };

#define PRINTED "printed" /* by the program, on the first printer */

#define MEDIA BUILD "/tests/bios/"

static const struct medium {
    const char *name, *section;
    unsigned checks;                         /* that the program reports */
    const char *qemu[RUN_ARGUMENTS], *bochs; /* NULL: it has no such medium */
} media[] = {
    {"floppy",
     "floppy",
     213,
     {"-drive", "if=floppy,format=raw,snapshot=on,file=" MEDIA "floppy.img"},
     "floppya: 1_44=" MEDIA "bochs-floppy.img, status=inserted\nboot: floppy\n"},
    {"1.2M floppy",
     "floppy",
     213,
     {"-drive", "if=floppy,format=raw,snapshot=on,file=" MEDIA "floppy-1200.img"},
     "floppya: 1_2=" MEDIA "bochs-floppy-1200.img, status=inserted\nboot: floppy\n"},
    {"2.88M floppy",
     "floppy",
     213,
     {"-drive", "if=floppy,format=raw,snapshot=on,file=" MEDIA "floppy-2880.img"},
     "floppya: 2_88=" MEDIA "bochs-floppy-2880.img, status=inserted\nboot: floppy\n"},
    {"disk",
     "disk",
     230,
     {"-drive", "format=raw,snapshot=on,file=" MEDIA "disk.img"},
     "ata0-master: type=disk, mode=volatile, path=" MEDIA
     "disk.img, cylinders=1120, heads=2, spt=18, translation=none\nboot: disk\n"},
    {"virtio disk",
     "disk",
     230,
     {"-drive", "if=virtio,format=raw,snapshot=on,file=" MEDIA "disk.img"},
     NULL},
    {"virtio disk by the legacy interface",
     "disk",
     230,
     {"-drive", "if=none,id=d,format=raw,snapshot=on,file=" MEDIA "disk.img", "-device",
      "virtio-blk-pci,drive=d,disable-modern=on"},
     NULL},
    {"CD",
     "CD",
     215,
     {"-cdrom", MEDIA "cd.iso"},
     "ata0-master: type=cdrom, path=" MEDIA "cd.iso, status=inserted\nboot: cdrom\n"},
    {"floppy on a CD",
     "emulation",
     203,
     {"-cdrom", MEDIA "cd-floppy.iso"},
     "ata0-master: type=cdrom, path=" MEDIA "cd-floppy.iso, status=inserted\nboot: cdrom\n"},
    {"1.2M floppy on a CD",
     "emulation",
     203,
     {"-cdrom", MEDIA "cd-floppy-1200.iso"},
     "ata0-master: type=cdrom, path=" MEDIA "cd-floppy-1200.iso, status=inserted\nboot: cdrom\n"},
    {"2.88M floppy on a CD",
     "emulation",
     203,
     {"-cdrom", MEDIA "cd-floppy-2880.iso"},
     "ata0-master: type=cdrom, path=" MEDIA "cd-floppy-2880.iso, status=inserted\nboot: cdrom\n"},
    {"disk on a CD",
     "emulation",
     203,
     {"-cdrom", MEDIA "cd-disk.iso"},
     "ata0-master: type=cdrom, path=" MEDIA "cd-disk.iso, status=inserted\nboot: cdrom\n"},
};
enum { MEDIA_KINDS = sizeof media / sizeof *media };

static const enum engine engines[] = {TEMPLATE, QEMU, BOCHS};
enum { MACHINES = sizeof engines / sizeof *engines };

/* What others' hardware does not do. */
static const struct {
    enum engine engine;
    const char *check;
} differences[] = {
    {QEMU, "05h: what was formatted is filled"}, /* its FORMAT TRACK writes nothing */
    {QEMU, "05h: to its last sector"},
    {BOCHS, "C206h: by one"},               /* its mouse's command E6h scales by two */
    {BOCHS, "INT 14h, 03h: there is data"}, /* a line in a loop gives nothing back there */
    {BOCHS, "INT 14h, 02h: receives"},
    {BOCHS, "INT 17h, 01h: ready"}, /* it is not, until something has been printed */
};

/* A medium in a machine. */
static struct played {
    const struct medium *medium;
    struct run run;
    char printer[80], bochs[512]; /* "file:NAME"; what there is in Bochs */
    const char *arguments[RUN_ARGUMENTS];
} played[MEDIA_KINDS * MACHINES];
static unsigned plays;

static bool is_known(enum engine engine, const char *line)
{
    for (size_t i = 0; i < sizeof differences / sizeof *differences; i++)
        if (differences[i].engine == engine && strstr(line, differences[i].check))
            return true;
    return false;
}

/* Counts lines that are good; prints the others. */
static unsigned count_good(const struct run *run)
{
    unsigned good = 0;
    for (const char *line = run->text; line && *line;) {
        const char *end = strchr(line, '\n');
        char copy[160];
        snprintf(copy, sizeof copy, "%.*s", (int)(end ? end - line : 150), line);
        if (strncmp(copy, "ok ", 3) == 0 ||
            (strncmp(copy, "failed ", 7) == 0 && is_known(run->engine, copy)))
            good++;
        else if (strncmp(copy, "failed ", 7) == 0)
            fprintf(stderr, "%s: %s\n", engine_names[run->engine], copy);
        line = end ? end + 1 : NULL;
    }
    return good;
}

START_TEST(boots)
{
    const struct medium *m = played[_i].medium;
    const struct run *run = &played[_i].run;
    const char *engine = engine_names[run->engine];
    ck_assert_msg(run->text && strstr(run->text, "end\n"), "%s, %s: no end:\n%s", engine, m->name,
                  run->text);
    unsigned good = count_good(run);
    ck_assert_msg(good == m->checks, "%s, %s: %u of %u checks", engine, m->name, good, m->checks);
}
END_TEST

static const char *paper_of(const struct played *p)
{
    return p->printer + strlen("file:");
}

static void add_printer(struct played *p, unsigned number)
{
    unsigned n = 0;
    snprintf(p->printer, sizeof p->printer, "file:" MEDIA "paper-%u", number);
    snprintf(p->bochs, sizeof p->bochs, "%sparport1: enabled=1, file=" MEDIA "paper-%u\n",
             p->medium->bochs ? p->medium->bochs : "", number);
    for (; p->medium->qemu[n]; n++)
        p->arguments[n] = p->medium->qemu[n];
    p->arguments[n++] = "-parallel";
    p->arguments[n] = p->printer;
    remove(paper_of(p));
}

static void add_play(const struct medium *m, enum engine engine)
{
    if (engine == BOCHS && !m->bochs)
        return;
    struct played *p = &played[plays];
    *p = (struct played){.medium = m,
                         .run = {
                             .engine = engine,
                             .file = BUILD "/bios/bios.bin",
                             .arguments = p->arguments,
                             .bochs = p->bochs,
                             .until = "\nend\n",
                             .longest = LONGEST,
                         }};
    add_printer(p, plays++);
}

static void run_media(void)
{
    struct run *list[MEDIA_KINDS * MACHINES];
    for (unsigned i = 0; i < MEDIA_KINDS; i++)
        for (unsigned j = 0; j < MACHINES; j++)
            add_play(&media[i], engines[j]);
    for (unsigned i = 0; i < plays; i++)
        list[i] = &played[i].run;
    run_all(list, plays);
}

/* Bochs may not have come to write what it has printed. */
START_TEST(prints)
{
    const struct played *p = &played[_i];
    char printed[64] = "";
    FILE *f = fopen(paper_of(p), "rb");
    ck_assert_msg(f, "%s: nothing printed", engine_names[p->run.engine]);
    size_t size = fread(printed, 1, sizeof printed - 1, f);
    fclose(f);
    if (p->run.engine != BOCHS || size)
        ck_assert_msg(size == strlen(PRINTED) && memcmp(printed, PRINTED, size) == 0,
                      "%s, %s: %zu bytes printed: %s", engine_names[p->run.engine], p->medium->name,
                      size, printed);
}
END_TEST

static Suite *bios_suite(void)
{
    Suite *suite = suite_create("bios");
    TCase *boot = tcase_create("boots");
    run_media();
    tcase_add_loop_test(boot, boots, 0, (int)plays);
    tcase_add_loop_test(boot, prints, 0, (int)plays);
    suite_add_tcase(suite, boot);
    suite_add_tcase(suite, images_case());
    return suite;
}

TEST_MAIN(bios_suite)
