/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/media/script.h"

#include "tests/assert.h"
#include "tests/guests/emulator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- steps --- */

static void show(struct player *p, const char *rest)
{
    (void)rest;
    player_show(p);
}

static void wait_end(struct player *p, const char *rest)
{
    (void)rest;
    player_wait_end(p);
}

static void rest_a_while(struct player *p, const char *rest)
{
    emulator_watch(p->emulator, (int)(strtod(rest, NULL) * 1000));
}

static void wait_picture(struct player *p, const char *rest)
{
    struct region r;
    char digest[17];
    ck_assert_msg(sscanf(rest, "%u %u %u %u %16s", &r.x, &r.y, &r.width, &r.height, digest) == 5,
                  "picture X Y W H DIGEST, not %s", rest);
    player_wait_picture(p, &r, digest);
}

static const struct script_verb {
    const char *name;
    void (*act)(struct player *p, const char *rest);
} verbs[] = {
    {"wait", player_wait},   {"gone", player_wait_gone}, {"serial", player_wait_serial},
    {"type", player_type},   {"picture", wait_picture},  {"command", player_command},
    {"pause", rest_a_while}, {"ended", wait_end},        {"show", show},
    {"host", player_host},
};

/* Files are in the folder of the medium. */
static const char *in_folder(const char *folder, const char *names, char *paths, size_t size)
{
    size_t used = 0;
    paths[0] = '\0';
    while (*names) {
        int length = (int)strcspn(names, " ");
        used += (size_t)snprintf(paths + used, size - used, "%s%s%.*s ", folder ? folder : "",
                                 folder ? "/" : "", length, names);
        ck_assert_uint_lt(used, size);
        names += length;
        names += strspn(names, " ");
    }
    paths[used - 1] = '\0';
    return paths;
}

void script_run(const struct script_play *play, enum machine machine, const char *folder)
{
    char file[256], put[256];
    in_folder(folder, play->image->name, file, sizeof file);
    char title[128];
    snprintf(title, sizeof title, "%s: %s", play->image->name, play->title);
    struct player *p =
        player_start(machine, title, play->arguments, file, play->copied,
                     play->put ? in_folder(folder, play->put, put, sizeof put) : NULL);
    for (unsigned i = 0; i < play->steps; i++)
        play->step[i].verb->act(p, play->step[i].rest);
    player_end(p);
}

/* --- reading them --- */

static _Noreturn void refuse(const char *what, const char *line)
{
    fprintf(stderr, "tessera: script: %s: %s\n", what, line);
    exit(EXIT_FAILURE);
}

static void add_image(struct script *s, char *rest)
{
    if (s->images == SCRIPT_IMAGES)
        refuse("too many images", rest);
    struct script_image *image = &s->image[s->images++];
    image->name = strsep(&rest, " ");
    image->digest = rest;
}

static void add_play(struct script *s, const char *rest)
{
    if (s->plays == SCRIPT_PLAYS || !s->images)
        refuse("too many plays, or one without an image", rest);
    s->play[s->plays++] = (struct script_play){.image = &s->image[s->images - 1], .title = rest};
}

static void set_machines(struct script_play *play, char *rest)
{
    for (char *word; (word = strsep(&rest, " "));) {
        unsigned m = 0;
        while (m < MACHINES && strcmp(machine_names[m], word) != 0)
            m++;
        if (m == MACHINES)
            refuse("no such machine", word);
        play->on[m] = true;
    }
}

static void add_step(struct script_play *play, const char *name, const char *rest)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].name, name) == 0) {
            if (play->steps == SCRIPT_STEPS)
                refuse("too many steps", play->title);
            play->step[play->steps++] = (struct script_step){&verbs[i], rest};
            return;
        }
    refuse("no such line", name);
}

static void read_line(struct script *s, char *line)
{
    struct script_play *play = s->plays ? &s->play[s->plays - 1] : NULL;
    char *name = strsep(&line, " ");
    char *rest = line ? line : name + strlen(name);
    rest += strspn(rest, " ");
    if (strcmp(name, "image") == 0)
        add_image(s, rest);
    else if (strcmp(name, "from") == 0)
        return;
    else if (strcmp(name, "play") == 0)
        add_play(s, rest);
    else if (!play)
        refuse("nothing is played yet", name);
    else if (strcmp(name, "on") == 0)
        set_machines(play, rest);
    else if (strcmp(name, "with") == 0)
        play->arguments = rest;
    else if (strcmp(name, "put") == 0)
        play->put = rest;
    else if (strcmp(name, "copied") == 0)
        play->copied = true;
    else
        add_step(play, name, rest);
}

/* The whole file, terminated. */
static char *read_text(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = fopen(path, "r");
    if (!f || getdelim(&text, &size, '\0', f) < 0)
        refuse("cannot be read", path);
    fclose(f);
    return text;
}

void script_read(struct script *s, const char *path)
{
    *s = (struct script){.text = read_text(path)};
    char *at = s->text;
    for (char *line; (line = strsep(&at, "\n"));) {
        line += strspn(line, " ");
        if (*line && *line != '#')
            read_line(s, line);
    }
    for (unsigned i = 0; i < s->plays; i++)
        if (!s->play[i].arguments || !s->play[i].steps)
            refuse("a play without arguments or steps", s->play[i].title);
}
