/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a micro-op's operand can be: two temporaries, and those of the thirty-two general registers
 * that live in host registers while generated code runs (see README here). The columns are those of
 * ops/i386/locations.h.
 */
#ifndef OPS_PPC_LOCATIONS_H
#define OPS_PPC_LOCATIONS_H

#define EACH_LOCATION(X, argument)                                                                 \
    X(argument, t0, T0, 0, R13)                                                                    \
    X(argument, t1, T1, 1, R14)                                                                    \
    X(argument, r1, GPR1, 2, R15)                                                                  \
    X(argument, r3, GPR3, 3, RDI)                                                                  \
    X(argument, r4, GPR4, 4, RSI)                                                                  \
    X(argument, r5, GPR5, 5, RDX)                                                                  \
    X(argument, r6, GPR6, 6, RCX)                                                                  \
    X(argument, r7, GPR7, 7, R8)                                                                   \
    X(argument, r9, GPR9, 8, R9)                                                                   \
    X(argument, r10, GPR10, 9, R11)

enum location {
#define NUMBER(argument, name, NAME, number, host) NAME = (number),
    EACH_LOCATION(NUMBER, )
#undef NUMBER
        LOCATIONS = 10
};

/* Of which general register a location is: EACH_GPR_LOCATION(X), X(number, NAME). */
#define EACH_GPR_LOCATION(X)                                                                       \
    X(1, GPR1) X(3, GPR3) X(4, GPR4) X(5, GPR5) X(6, GPR6) X(7, GPR7) X(9, GPR9) X(10, GPR10)

/* Where in struct ppc_cpu's regs a location is, around C: the general registers begin there. */
enum location_slot {
    SLOT_T0,
    SLOT_T1,
    SLOT_GPRS,
#define SLOT_OF(n, NAME) SLOT_##NAME = SLOT_GPRS + (n),
    EACH_GPR_LOCATION(SLOT_OF)
#undef SLOT_OF
        SLOTS = 16 /* no more have a location: ops/slow.h */
};

#endif
