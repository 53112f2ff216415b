libdrill_a_SOURCES += \
	%D%/box.c %D%/box.h \
	%D%/box_agent.c %D%/box_agent.h \
	%D%/box_calls.c %D%/box_calls.h \
	%D%/box_hook.c %D%/box_hook.h \
	%D%/box_inside.h %D%/box_open.c \
	%D%/box_options.c %D%/box_options.h \
	%D%/box_refuse.c \
	%D%/agent_channel.c %D%/agent_channel.h \
	%D%/agent_chores.c %D%/agent_chores.h \
	%D%/agent_client.c %D%/agent_client.h \
	%D%/agent_crew.c %D%/agent_crew.h \
	%D%/agent_greet.c %D%/agent_greet.h \
	%D%/agent_guard.c %D%/agent_guard.h \
	%D%/agent_jail.c %D%/agent_jail.h \
	%D%/agent_link.c %D%/agent_link.h \
	%D%/agent_marshal.c %D%/agent_marshal.h %D%/agent_marshal_inside.h \
	%D%/agent_marshal_read.c %D%/agent_marshal_table.c %D%/agent_marshal_write.c \
	%D%/agent_pack.c %D%/agent_pack.h \
	%D%/agent_proto.c %D%/agent_proto.h \
	%D%/agent_server.c %D%/agent_server.h \
	%D%/agent_session.c %D%/agent_session.h \
	%D%/agent_state.c %D%/agent_state.h \
	%D%/agent_where.c %D%/agent_where.h \
	%D%/call.c %D%/call.h \
	%D%/caps.c %D%/caps.h \
	%D%/capture.c %D%/capture.h \
	%D%/clock_real.c %D%/clock_real.h \
	%D%/crash.c %D%/crash.h \
	%D%/csum_offload.c %D%/csum_offload.h \
	%D%/ether.c %D%/ether.h \
	%D%/fingerprint.c %D%/fingerprint.h \
	%D%/guest_death.c %D%/guest_death.h \
	%D%/guest_folder.c %D%/guest_folder.h \
	%D%/guest_root.c %D%/guest_root.h \
	%D%/host.c %D%/host.h \
	%D%/inferred.c %D%/inferred.h \
	%D%/inferred_edges.c %D%/inferred_edges.h \
	%D%/link.c %D%/link.h \
	%D%/neigh.c %D%/neigh.h \
	%D%/neigh_owner.c %D%/neigh_owner.h \
	%D%/netns.c %D%/netns.h \
	%D%/netlink.c %D%/netlink.h \
	%D%/pd_call.c %D%/pd_call.h \
	%D%/pd_capture.c %D%/pd_capture.h \
	%D%/pd_clock.c %D%/pd_clock.h \
	%D%/pd_fds.c %D%/pd_fds.h \
	%D%/pd_interface.h \
	%D%/pdstack.c %D%/pdstack.h \
	%D%/port_map.c %D%/port_map.h \
	%D%/reset_segment.c %D%/reset_segment.h \
	%D%/sandbox.c %D%/sandbox.h \
	%D%/sched.c %D%/sched.h \
	%D%/sockdiag.c %D%/sockdiag.h \
	%D%/stack.c %D%/stack.h %D%/stack_state.h \
	%D%/stack_call.c %D%/stack_call.h \
	%D%/stack_fd.c %D%/stack_fd.h \
	%D%/stack_load.c %D%/stack_load.h \
	%D%/stack_time.c %D%/stack_time.h \
	%D%/stack_transfer.c %D%/stack_transfer.h \
	%D%/stall.c %D%/stall.h \
	%D%/sysctl.c %D%/sysctl.h \
	%D%/sysctl_diff.c %D%/sysctl_diff.h \
	%D%/target_table.c %D%/target_table.h \
	%D%/uml.c %D%/uml.h %D%/uml_options.c \
	%D%/wire.h %D%/wire_tun.c %D%/wire_veth.c
