/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telnet, as much of it as there is in a line of bytes (RFC 854). */
#ifndef HW_HOST_TELNET_H
#define HW_HOST_TELNET_H

#include <stdbool.h>
#include <stdint.h>

/* What is at hand: text, or which part of a command. */
enum telnet { TELNET_TEXT, TELNET_COMMAND, TELNET_OPTION, TELNET_SUB, TELNET_SUB_COMMAND };
enum {
    TELNET_SE = 240,
    TELNET_SB = 250,
    TELNET_WILL = 251,
    TELNET_DO = 253,
    TELNET_DONT = 254,
    TELNET_IAC = 255
};
enum { TELNET_BINARY = 0, TELNET_ECHO = 1, TELNET_SUPPRESS_GO_AHEAD = 3 };

/* Is a byte that has come text, rather than Telnet's? */
static inline bool telnet_is_text(enum telnet *state, uint8_t byte)
{
    enum telnet was = *state;
    switch (was) {
    case TELNET_COMMAND:
        *state = byte == TELNET_SB                            ? TELNET_SUB
                 : byte >= TELNET_WILL && byte <= TELNET_DONT ? TELNET_OPTION
                                                              : TELNET_TEXT;
        return byte == TELNET_IAC;
    case TELNET_OPTION:
        *state = TELNET_TEXT;
        return false;
    case TELNET_SUB:
        *state = byte == TELNET_IAC ? TELNET_SUB_COMMAND : TELNET_SUB;
        return false;
    case TELNET_SUB_COMMAND:
        *state = byte == TELNET_SE ? TELNET_TEXT : TELNET_SUB;
        return false;
    default:
        if (byte == TELNET_IAC)
            *state = TELNET_COMMAND;
        return *state == TELNET_TEXT;
    }
}

/* What asks the other side to send keys as they are, and to leave showing them to us. */
static const uint8_t telnet_greeting[] = {
    TELNET_IAC, TELNET_WILL, TELNET_ECHO,   TELNET_IAC, TELNET_WILL, TELNET_SUPPRESS_GO_AHEAD,
    TELNET_IAC, TELNET_WILL, TELNET_BINARY, TELNET_IAC, TELNET_DO,   TELNET_BINARY};

#endif
