using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace StableDiffCoder.Engine.Runtime;

/// <summary>
/// Finds libtorch and loads it, once a process. Looked for in this order: an explicit folder (<c>--libtorch</c>), the environment variable
/// <see cref="EnvironmentVariable"/>, the application's folder (a published build), the NuGet folder that the build recorded.
/// </summary>
public static class TorchRuntime
{
    /// <summary>A folder with libtorch's shared libraries, such as <c>site-packages/torch/lib</c>.</summary>
    public const string EnvironmentVariable = "STABLE_DIFFCODER_LIBTORCH";

    private static readonly Lock Gate = new();
    private static bool loaded;

    /// <summary>Loads libtorch; later calls do nothing.</summary>
    /// <param name="libtorchDirectory">A folder with libtorch's shared libraries; null looks in the usual places.</param>
    /// <param name="threads">Threads of one operator; null leaves libtorch's choice.</param>
    /// <exception cref="DllNotFoundException">No libtorch was found, or it does not load; the message lists what was tried.</exception>
    public static void EnsureLoaded(string? libtorchDirectory = null, int? threads = null)
    {
        lock (Gate)
        {
            if (!loaded)
            {
                Load(libtorchDirectory);
                loaded = true;
            }
            if (threads is int count)
            {
                torch.set_num_threads(count);
            }
        }
    }

    private static void Load(string? libtorchDirectory)
    {
        string? explicitDirectory = libtorchDirectory ?? Environment.GetEnvironmentVariable(EnvironmentVariable);
        var tried = new List<string>();
        string libtorch = FindLibrary(LibraryFile("torch_cpu"), LibtorchDirectories(explicitDirectory), tried);
        string bridge = FindLibrary(LibraryFile("LibTorchSharp"), TorchSharpDirectories(), tried);
        LoadWithDependencies(libtorch);
        LoadBridge(bridge);
        // The bridge is in the process now, so TorchSharp's own search by name finds it.
        torch.InitializeDeviceType(DeviceType.CPU);
    }

    private static IEnumerable<string?> LibtorchDirectories(string? explicitDirectory) =>
        explicitDirectory is not null
            ? [explicitDirectory]
            : [.. ApplicationDirectories(), AppContext.GetData("StableDiffCoder.LibtorchDirectory") as string];

    private static IEnumerable<string?> TorchSharpDirectories() =>
        [.. ApplicationDirectories(), AppContext.GetData("StableDiffCoder.TorchSharpDirectory") as string];

    private static IEnumerable<string> ApplicationDirectories() =>
        [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native")];

    private static string FindLibrary(string file, IEnumerable<string?> directories, List<string> tried)
    {
        foreach (string? directory in directories)
        {
            if (directory is null)
            {
                continue;
            }
            string path = Path.Combine(directory, file);
            if (File.Exists(path))
            {
                return path;
            }
            tried.Add(path);
        }
        throw new DllNotFoundException(
            $"{file} was not found. Looked for: {string.Join(", ", tried)}. "
                + $"Run 'dotnet restore', or name a folder with libtorch's libraries by --libtorch or {EnvironmentVariable}."
        );
    }

    private static void LoadWithDependencies(string libtorch)
    {
        string directory = Path.GetDirectoryName(libtorch)!;
        // CUDA builds register their kernels from a library that nothing links against: load it first when it is there.
        foreach (string name in (string[])["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"])
        {
            string path = Path.Combine(directory, LibraryFile(name));
            if (File.Exists(path))
            {
                NativeLibrary.Load(path);
            }
        }
    }

    private static void LoadBridge(string bridge)
    {
        if (NativeLibrary.TryLoad(bridge, out _))
        {
            return;
        }
        if (!OperatingSystem.IsLinux())
        {
            NativeLibrary.Load(bridge);
            return;
        }
        // Debian 12, Ubuntu 22.04: the bridge asks for a libstdc++ version that it does not use (see ElfVersionNeeds).
        NativeLibrary.Load(ElfVersionNeeds.CachedWeakCopy(bridge, "GLIBCXX_3.4.32"));
    }

    private static string LibraryFile(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{name}.dylib"
        : $"lib{name}.so";

    /// <summary>Version of the managed binding, for bug reports.</summary>
    public static string BindingVersion =>
        typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "?";
}
