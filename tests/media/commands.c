/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/media/commands.h"

#include "tests/assert.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PROMPT "(tessera) "

/* All that comes until the next prompt, without it. */
static void take_answer(int fd, char *answer, size_t size)
{
    size_t length = 0;
    do {
        ssize_t n = read(fd, answer + length, size - 1 - length);
        ck_assert_msg(n > 0, "the monitor has gone");
        length += (size_t)n;
        answer[length] = '\0';
    } while (length < strlen(PROMPT) || strcmp(answer + length - strlen(PROMPT), PROMPT) != 0);
    answer[length - strlen(PROMPT)] = '\0';
}

void monitor_command(const char *socket_path, const char *command)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    char answer[512];
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(fd, 0);
    snprintf(to.sun_path, sizeof to.sun_path, "%s", socket_path);
    ck_assert_int_eq(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
    take_answer(fd, answer, sizeof answer);
    dprintf(fd, "%s\n", command);
    take_answer(fd, answer, sizeof answer);
    ck_assert_msg(!*answer, "%s: %s", command, answer);
    close(fd);
}
