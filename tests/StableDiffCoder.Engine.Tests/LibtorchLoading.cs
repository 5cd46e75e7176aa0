using System.Runtime.CompilerServices;
using StableDiffCoder.Engine.Runtime;

namespace StableDiffCoder.Engine.Tests;

internal static class LibtorchLoading
{
    /// <summary>Before any test, so that none depends on which ran first.</summary>
    [ModuleInitializer]
    internal static void Load() => TorchRuntime.EnsureLoaded(threads: 1);
}
