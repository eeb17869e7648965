#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* prctl takes a variable number of arguments, which Swift cannot call. A limit of 0 alone would not keep a dump from a
   program that the system pipes dumps to. */
static inline void csodium_forbid_dumps(void) {
    struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
