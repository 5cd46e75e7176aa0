using System.Runtime.InteropServices;

namespace StableDiffCoder.Engine.Runtime;

/// <summary>Lets a thread, and the threads that it starts, give way to those of other programs.</summary>
internal static partial class ThreadPriorities
{
    private const int LinuxProcess = 0; // PRIO_PROCESS; on Linux, process 0 is the calling thread
    private const int Nice = 10;

    /// <summary>
    /// Lowers the calling thread's priority. On Linux the nice value, which its own threads (OpenMP's) inherit, and which cannot be raised again;
    /// elsewhere the runtime's priority of this thread alone.
    /// </summary>
    public static void LowerCurrent()
    {
        if (OperatingSystem.IsLinux())
        {
            // A refusal costs nothing but manners.
            _ = SetPriority(LinuxProcess, 0, Nice);
            return;
        }
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);
}
