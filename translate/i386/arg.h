/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the column `arg` of insns.def is, by the function that it is for. */
#ifndef TRANSLATE_I386_ARG_H
#define TRANSLATE_I386_ARG_H

enum string_op { MOVS, STOS, LODS, CMPS, SCAS, INS, OUTS };             /* t_string */
enum bit_op { BIT_TEST, BIT_SET, BIT_RESET, BIT_COMPLEMENT };           /* t_bit */
enum decimal_op { DAA, DAS, AAA, AAS, AAM, AAD };                       /* t_decimal */
enum carry_op { CLC, STC, CMC };                                        /* t_carry_flag */
enum loop_op { LOOPNE, LOOPE, LOOP, JCXZ };                             /* t_loop */
enum selector_op { LLDT, LTR, VERR, VERW };                             /* t_load_selector */
enum msr_op { WRMSR, RDTSC, RDMSR, RDPMC };                             /* t_msr */
enum shift_double_op { SHLD_IMM, SHRD_IMM, SHLD_CL, SHRD_CL };          /* t_shift_double */
enum system_register { CONTROL_REGISTER, DEBUG_REGISTER, TO_REGISTER }; /* t_mov_cr: or'd */
enum step { INCREMENT, DECREMENT };                                     /* t_inc */
enum signedness { UNSIGNED, SIGNED };                                   /* t_mul, t_div, t_movx */
enum scan { SCAN_FORWARD, SCAN_REVERSE };                               /* t_bit_scan */
enum direction { UPWARDS, DOWNWARDS };                                  /* t_direction */
enum operands { TWO_OPERANDS, THREE_OPERANDS };                         /* t_imul */
enum table { TABLE_GDT, TABLE_IDT };                /* t_load_table, t_store_table */
enum task_selector { LDT_SELECTOR, TASK_SELECTOR }; /* t_store_selector */
enum access_query { ACCESS_RIGHTS, SEGMENT_LIMIT }; /* t_lar */
enum transfer { JUMP, CALL };                       /* t_far_indirect */
enum fx_op { FXSAVE, FXRSTOR };                     /* t_fxsave */
enum sysenter_op { SYSENTER, SYSEXIT };             /* t_sysenter */
enum port_size { OPERAND_SIZE, BYTE_SIZE };         /* t_in, t_out */
enum sse_half { LOW_HALF, HIGH_HALF };              /* t_sse_half */
enum { KEEPS_REST = 1 }; /* t_sse_mov: between registers, of the destination */

#endif
