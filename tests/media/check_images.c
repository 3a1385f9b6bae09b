/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `make check-images IMAGES=DIRECTORY`: plays the images in a folder that tests/IMAGES knows.
 *   check_images TABLE DIRECTORY [TITLE]...      those alone whose images or titles hold one
 * Says of each: pass, fail, or unknown. What fails makes the exit status 1.
 */
#include "tests/assert.h"
#include "tests/media/script.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct script script;
static const char *folder;

struct job {
    const struct script_play *play;
    enum machine machine;
};
static struct job jobs[SCRIPT_PLAYS * MACHINES];
static int count;

static void say(const char *what, const struct job *job)
{
    printf("%-7s %s: %s (%s)\n", what, job->play->image->name, job->play->title,
           machine_names[job->machine]);
    fflush(stdout);
}

START_TEST(plays)
{
    script_run(jobs[_i].play, jobs[_i].machine, folder);
    say("pass", &jobs[_i]);
}
END_TEST

/* --- what is there --- */

static void digest_of(const char *name, char digest[65])
{
    char line[512];
    snprintf(line, sizeof line, "sha256sum < '%s/%s'", folder, name);
    FILE *f = popen(line, "r"); /* NOLINT(cert-env33-c) */
    if (!f || fscanf(f, "%64s", digest) != 1)
        strcpy(digest, "none");
    if (f)
        pclose(f);
}

/* By its content, whatever it is called here; scripts go by the table's name. */
static const struct script_image *known(const char *name)
{
    char digest[65];
    digest_of(name, digest);
    for (unsigned i = 0; i < script.images; i++)
        if (strcmp(script.image[i].name, name) == 0 && strcmp(script.image[i].digest, digest) == 0)
            return &script.image[i];
    return NULL;
}

static bool is_wanted(const struct script_play *play, char *const *titles)
{
    for (char *const *t = titles; *t; t++)
        if (strstr(play->image->name, *t) || strstr(play->title, *t))
            return true;
    return !*titles;
}

static void add_jobs(const struct script_image *image, char *const *titles)
{
    for (unsigned i = 0; i < script.plays; i++)
        for (unsigned m = 0; m < MACHINES; m++)
            if (script.play[i].image == image && script.play[i].on[m] &&
                is_wanted(&script.play[i], titles))
                jobs[count++] = (struct job){&script.play[i], (enum machine)m};
}

static void look_through(char *const *titles)
{
    struct dirent **entries;
    int entry_count = scandir(folder, &entries, NULL, alphasort);
    if (entry_count < 0) {
        fprintf(stderr, "tessera: %s: no such folder (IMAGES=DIRECTORY)\n", folder);
        exit(EXIT_FAILURE);
    }
    for (int i = 0; i < entry_count; i++) {
        const char *name = entries[i]->d_name;
        const struct script_image *image = *name == '.' ? NULL : known(name);
        if (image)
            add_jobs(image, titles);
        else if (*name != '.')
            printf("%-7s %s\n", "unknown", name);
        free(entries[i]);
    }
    free(entries);
}

/* --- */

static void say_failures(SRunner *runner)
{
    TestResult **results = srunner_failures(runner);
    for (int i = 0; i < srunner_ntests_failed(runner); i++)
        printf("%-7s %s\n", "fail", tr_msg(results[i]));
    free(results);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "tessera: usage: make check-images IMAGES=DIRECTORY\n");
        return EXIT_FAILURE;
    }
    folder = argv[2];
    script_read(&script, argv[1]);
    look_through(argv + 3);
    Suite *suite = suite_create("images");
    TCase *c = tcase_create("images");
    tcase_set_timeout(c, 1800);
    tcase_add_loop_test(c, plays, 0, count);
    suite_add_tcase(suite, c);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    say_failures(runner);
    printf("check-images: %d passed, %d failed\n", count - failed, failed);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
