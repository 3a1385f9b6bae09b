/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the i386 asks the world outside, as kinds of struct log_event. */
#ifndef EXEC_I386_QUESTIONS_H
#define EXEC_I386_QUESTIONS_H

#include "exec/report/lockstep_log.h"

enum { ASK_PORT = LOG_GUEST, TELL_PORT, TELL_FERR, TELL_APIC_BASE };

#endif
