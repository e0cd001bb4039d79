/* Time that runs faster, for shipped programs: LD_PRELOAD it into all that are to agree. FAST_CLOCK holds
   "times:wall:steady": how much faster, and the nanoseconds of CLOCK_REALTIME and CLOCK_MONOTONIC at which both began.
   What a program waits for (timers, epoll, conditions) comes so much earlier. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static const int64_t second = 1000000000;
static long long times = 1, wall_began, steady_began;

__attribute__((constructor)) static void read_settings(void) {
  const char *text = getenv("FAST_CLOCK");
  if (!text || sscanf(text, "%lld:%lld:%lld", &times, &wall_began, &steady_began) != 3) abort();
}

static int64_t in_ns(const struct timespec *t) { return t->tv_sec * second + t->tv_nsec; }
static struct timespec from_ns(int64_t ns) { return (struct timespec){ns / second, ns % second}; }
static int64_t began(clockid_t id) { return id == CLOCK_REALTIME ? wall_began : steady_began; }
static int is_fast(clockid_t id) { return id == CLOCK_REALTIME || id == CLOCK_MONOTONIC; }

static struct timespec real_moment(clockid_t id, const struct timespec *fast) {
  return from_ns(began(id) + (in_ns(fast) - began(id)) / times);
}

int clock_gettime(clockid_t id, struct timespec *now) {
  const int result = (int)syscall(SYS_clock_gettime, id, now);
  if (result == 0 && is_fast(id)) *now = from_ns(began(id) + (in_ns(now) - began(id)) * times);
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  struct timespec fast;
  clock_gettime(CLOCK_REALTIME, &fast);
  now->tv_sec = fast.tv_sec;
  now->tv_usec = fast.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *into) {
  struct timespec fast;
  clock_gettime(CLOCK_REALTIME, &fast);
  if (into) *into = fast.tv_sec;
  return fast.tv_sec;
}

int timerfd_settime(int timer, int flags, const struct itimerspec *wanted, struct itimerspec *before) {
  struct itimerspec real = *wanted;
  if (!(flags & TFD_TIMER_ABSTIME)) {
    real.it_value = from_ns(in_ns(&wanted->it_value) / times);
    real.it_interval = from_ns(in_ns(&wanted->it_interval) / times);
    if (in_ns(&wanted->it_value) > 0 && in_ns(&real.it_value) == 0) real.it_value.tv_nsec = 1;
  }
  return (int)syscall(SYS_timerfd_settime, timer, flags, &real, before);
}

int epoll_wait(int set, struct epoll_event *events, int most, int timeout) {
  return (int)syscall(SYS_epoll_pwait, set, events, most, timeout > 0 ? (int)((timeout + times - 1) / times) : timeout,
                      NULL, 0);
}

int pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t id, const struct timespec *until) {
  static int (*next)(pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *);
  if (!next) *(void **)&next = dlsym(RTLD_NEXT, "pthread_cond_clockwait");
  const struct timespec real = real_moment(id, until);
  return next(condition, mutex, id, &real);
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until) {
  return pthread_cond_clockwait(condition, mutex, CLOCK_REALTIME, until);
}
