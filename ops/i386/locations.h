/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a micro-op's operand can be: the general registers and two temporaries, which live in host
 * registers while generated code runs.
 *
 *   EACH_LOCATION(X, argument): X(argument, name, NAME, number, host)
 *
 * They are in the order of an op's arguments, and so of the registers that preserve_none passes
 * behind R12, which is cpu's: ecx is in RCX and edx in RDX, where shifts and divides want them. The
 * numbers are those of the i386's instructions. Whether the templates have them there is looked at
 * when the program is built (ops/host/registers.sh).
 */
#ifndef OPS_I386_LOCATIONS_H
#define OPS_I386_LOCATIONS_H

#define EACH_LOCATION(X, argument)                                                                 \
    X(argument, ebx, EBX, 3, R13)                                                                  \
    X(argument, t0, T0, 8, R14)                                                                    \
    X(argument, t1, T1, 9, R15)                                                                    \
    X(argument, edi, EDI, 7, RDI)                                                                  \
    X(argument, esi, ESI, 6, RSI)                                                                  \
    X(argument, edx, EDX, 2, RDX)                                                                  \
    X(argument, ecx, ECX, 1, RCX)                                                                  \
    X(argument, ebp, EBP, 5, R8)                                                                   \
    X(argument, esp, ESP, 4, R9)                                                                   \
    X(argument, eax, EAX, 0, R11)

enum location {
#define NUMBER(argument, name, NAME, number, host) NAME = (number),
    EACH_LOCATION(NUMBER, )
#undef NUMBER
        LOCATIONS = 10
};

#endif
