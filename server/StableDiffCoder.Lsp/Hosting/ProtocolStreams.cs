using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StableDiffCoder.Lsp.Hosting;

/// <summary>
/// Standard input and output as the protocol's own. A native library that prints (libtorch warns on stdout) would break the stream of
/// messages, so stdout itself is pointed at stderr and the protocol keeps the only copy of what it was. Open it before anything prints.
/// </summary>
public sealed partial class ProtocolStreams : IDisposable
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;
    private const int StandardError = 2;
    private const int LinuxDuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC
    private const int LinuxCloseOnExec = 0x80000; // O_CLOEXEC
    private const int WindowsStandardInput = -10;
    private const int WindowsStandardOutput = -11;
    private const int WindowsStandardError = -12;

    private const string DescriptorFolder = "/proc/self/fd";

    private ProtocolStreams(Stream input, Stream output)
    {
        Input = input;
        Output = output;
    }

    /// <summary>What the client writes.</summary>
    public Stream Input { get; }

    /// <summary>What the client reads.</summary>
    public Stream Output { get; }

    /// <summary>Takes standard input and output over; to be called once, first thing.</summary>
    /// <exception cref="IOException">The system refused; the message names its error.</exception>
    public static ProtocolStreams TakeOver()
    {
        ProtocolStreams streams = OperatingSystem.IsWindows() ? TakeOverWindows() : TakeOverUnix();
#pragma warning disable RS0030 // Not printing: this is what keeps a managed print away from the protocol.
        Console.SetOut(Console.Error);
#pragma warning restore RS0030
        return streams;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Output.Dispose();
        Input.Dispose();
    }

    private static ProtocolStreams TakeOverUnix()
    {
        // Not inherited by child processes: one that outlives this process would keep the client's pipe open.
        int duplicate = OperatingSystem.IsLinux() ? Fcntl(StandardOutput, LinuxDuplicateCloseOnExec, 3) : Dup(StandardOutput);
        Check(duplicate >= 0, "duplicating standard output");
        Check(Dup2(StandardError, StandardOutput) >= 0, "dup2(2, 1)");
        if (OperatingSystem.IsLinux())
        {
            PointOtherCopiesAtStandardError(duplicate);
        }
        return new ProtocolStreams(Open(StandardInput, FileAccess.Read), Open(duplicate, FileAccess.Write));
    }

    /// <summary>The runtime copies the standard descriptors before any managed code runs, and a library may have done so too.</summary>
    private static void PointOtherCopiesAtStandardError(int protocol)
    {
        string? target = TargetOf(protocol);
        // A terminal or a socket may serve both ways; what stdin needs stays as it is.
        if (target is null || !target.StartsWith("pipe:", StringComparison.Ordinal) || target == TargetOf(StandardInput))
        {
            return;
        }
        foreach (string entry in Directory.GetFileSystemEntries(DescriptorFolder))
        {
            int descriptor = int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture);
            if (descriptor != protocol && descriptor > StandardError && TargetOf(descriptor) == target)
            {
                Check(Dup3(StandardError, descriptor, LinuxCloseOnExec) >= 0, "dup3");
            }
        }
    }

    private static string? TargetOf(int descriptor) =>
        new FileInfo(Path.Combine(DescriptorFolder, descriptor.ToString(CultureInfo.InvariantCulture))).LinkTarget;

    private static ProtocolStreams TakeOverWindows()
    {
        nint input = GetStdHandle(WindowsStandardInput);
        nint output = GetStdHandle(WindowsStandardOutput);
        Check(SetStdHandle(WindowsStandardOutput, GetStdHandle(WindowsStandardError)), "SetStdHandle");
        return new ProtocolStreams(Open(input, FileAccess.Read), Open(output, FileAccess.Write));
    }

    // Unbuffered: the transport buffers, and a message must leave when it is flushed there.
    private static FileStream Open(nint handle, FileAccess access) =>
        new(new SafeFileHandle(handle, ownsHandle: true), access, bufferSize: 0);

    private static void Check(bool succeeded, string call)
    {
        if (!succeeded)
        {
            throw new IOException($"{call} failed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    // fcntl is variadic, which Apple's arm64 passes in another way than fixed arguments; so it is called on Linux only.
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Dup(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Dup2(int from, int to);

    [LibraryImport("libc", EntryPoint = "dup3", SetLastError = true)]
    private static partial int Dup3(int from, int to, int flags);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial nint GetStdHandle(int handle);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetStdHandle(int handle, nint value);
}
