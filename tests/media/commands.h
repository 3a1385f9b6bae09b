/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a player does by Tessera's monitor, a socket in its folder. */
#ifndef TESTS_MEDIA_COMMANDS_H
#define TESTS_MEDIA_COMMANDS_H

/* Gives a command that answers nothing, as mouse_move; what else goes wrong fails the test. */
void monitor_command(const char *socket_path, const char *command);

#endif
