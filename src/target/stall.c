/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The watcher: one process with a thread on each processor, all more urgent
 * than any script's, that sleep most of the time. One that wakes up late shows
 * that its processor ran nobody meanwhile.
 *
 * Without real-time priority there is none: on a machine of two processors, busy
 * compiling, an ordinary watcher was late by more than 1 ms 290 times in 10 s,
 * a real-time one beside it 65 times. Most of what the former would call stalls
 * is its own place in the queue.
 */
#include "config.h"

#include "target/stall.h"
#include "target/clock_real.h"
#include "target/sched.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* As seen by ps. */
#define NAME "drill-stalls"
/* Half the usual tolerance of scripts: what falls between two looks makes nothing late. */
#define PERIOD (2 * NS_PER_MS)
/* Many processors are looked at less often, so that all looks together stay so many a second. */
#define LOOKS 4000
/* A thread needs next to nothing, and all of it stays in RAM. */
#define STACK (64 * 1024)

struct looker {
	struct stall_log *log;
	int index, cpu;		/* in the log, of the machine */
};

static void *look(void *arg)
{
	const struct looker *l = arg;
	struct stall_log *log = l->log;
	struct clock *clock = clock_real();
	nstime due = clock_now(clock), seen;
	struct timespec ts;

	for (;;) {
		due += log->period;
		ts = nstime_to_timespec(due);
		while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
			;
		seen = clock_now(clock);
		if (seen - due > STALL_LEAST) {
			stall_write(log, l->index, due, seen);
			due = seen;
		}
		log->beat[l->index] = seen;
	}
	return NULL;
}

/* More urgent than host_realtime() makes scripts; false where that is not granted. */
static bool become_urgent(void)
{
	struct sched_param p = { .sched_priority = sched_get_priority_min(SCHED_RR) + 1 };

	host_realtime();
	return sched_setscheduler(0, SCHED_RR, &p) == 0;
}

/* A processor for which no thread can be made has no beat, and is not watched. */
static void start_thread(struct looker *l)
{
	pthread_attr_t attr;
	pthread_t thread;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)l->cpu, &set);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	pthread_attr_setaffinity_np(&attr, sizeof(set), &set);
	pthread_create(&thread, &attr, look, l);
	pthread_attr_destroy(&attr);
}

/*
 * Nothing of the caller's is held open, and no signal but SIGKILL ends it: not
 * an interrupt from the terminal, during which scripts still run. To be stopped
 * (Ctrl-Z) is one: the scripts are stopped too, and were not on time.
 */
static void detach(pid_t parent)
{
	sigset_t set;
	int fd;

	sigfillset(&set);
	sigdelset(&set, SIGTSTP);
	sigprocmask(SIG_SETMASK, &set, NULL);
	prctl(PR_SET_NAME, NAME, 0, 0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	/* The signal is only sent for a death after that call. */
	if (getppid() != parent)
		_exit(0);
	if (syscall(SYS_close_range, 0, ~0U, 0) < 0)
		for (fd = 0; fd < 65536; fd++)
			close(fd);
}

static void __attribute__((noreturn)) watch(struct stall_log *log, const cpu_set_t *cpus,
					    pid_t parent)
{
	struct looker looker[STALL_CPUS];
	int cpu, n = 0;

	detach(parent);
	if (!become_urgent())
		_exit(0);
	for (cpu = 0; cpu < CPU_SETSIZE && n < log->n_cpus; cpu++) {
		if (!CPU_ISSET((size_t)cpu, cpus))
			continue;
		looker[n] = (struct looker){ log, n, cpu };
		start_thread(&looker[n++]);
	}
	for (;;)
		pause();
}

static struct stall_log *new_log(int n_cpus)
{
	struct stall_log *log = mmap(NULL, sizeof(*log), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (log == MAP_FAILED)
		return NULL;
	log->n_cpus = n_cpus < STALL_CPUS ? n_cpus : STALL_CPUS;
	log->period = log->n_cpus * NS_PER_SEC / LOOKS;
	if (log->period < PERIOD)
		log->period = PERIOD;
	return log;
}

void stall_watch_start(struct stall_watch *w)
{
	pid_t self = getpid();
	cpu_set_t cpus;

	*w = (struct stall_watch){ 0 };
	/* Refused on machines with more processors than the set has room for. */
	if (sched_getaffinity(0, sizeof(cpus), &cpus) < 0)
		return;
	w->log = new_log(CPU_COUNT(&cpus));
	if (!w->log)
		return;
	w->pid = fork();
	if (w->pid == 0)
		watch(w->log, &cpus, self);
	if (w->pid < 0)
		stall_watch_end(w);
}

void stall_watch_end(struct stall_watch *w)
{
	if (w->pid > 0) {
		kill(w->pid, SIGKILL);
		while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (w->log)
		munmap(w->log, sizeof(*w->log));
	*w = (struct stall_watch){ 0 };
}
