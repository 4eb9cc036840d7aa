/* Wine 8, Debian 12's, has no bcryptprimitives.dll, from which Go takes its random numbers. This
 * stands in for it in the folder of a Wine that packaging/windows/try sets up, and nowhere else. */
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG); /* RtlGenRandom, of advapi32 */
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE to, SIZE_T n) { return SystemFunction036(to, (ULONG)n); }
