/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a micro-op's operand can be: temporaries, which live in host registers while generated code
 * runs. The thirty-two general registers are in struct ppc_cpu. The columns are those of
 * ops/i386/locations.h.
 */
#ifndef OPS_PPC_LOCATIONS_H
#define OPS_PPC_LOCATIONS_H

#define EACH_LOCATION(X, argument)                                                                 \
    X(argument, t0, T0, 0, R13)                                                                    \
    X(argument, t1, T1, 1, R14)                                                                    \
    X(argument, t2, T2, 2, R15)

enum location {
#define NUMBER(argument, name, NAME, number, host) NAME = (number),
    EACH_LOCATION(NUMBER, )
#undef NUMBER
        LOCATIONS = 3
};

#endif
