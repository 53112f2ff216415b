/* SPDX-License-Identifier: BSD-2-Clause */
/* What drillpress-lwip.so exports; modules around this adapter have one of their own. */
#include "adapter.h"

__attribute__((visibility("default")))
const struct dp_stack_ops *dp_stack_adapter(uint32_t abi)
{
	return abi == DP_STACK_ABI ? adapter_ops() : NULL;
}
