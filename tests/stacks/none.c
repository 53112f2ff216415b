/* SPDX-License-Identifier: BSD-2-Clause */
/* A shared object that is no stack. */
extern const char *const none;
const char *const none = "nothing";
