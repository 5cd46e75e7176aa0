using System.Runtime.InteropServices;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Engine.Tests.Infilling;

namespace StableDiffCoder.Engine.Tests.Runtime;

public sealed class ThreadPrioritiesTests
{
    [Fact]
    public async Task Worker_LowPriority_LowersItsOwnThreadOnly()
    {
        await using var low = new InferenceWorker(lowPriority: true);
        await using var ordinary = new InferenceWorker();
        if (OperatingSystem.IsLinux())
        {
            int usual = await ordinary.RunAsync(_ => GetPriority(0, 0), default);
            Assert.Equal(Math.Max(usual, 10), await low.RunAsync(_ => GetPriority(0, 0), default));
        }
        else
        {
            Assert.Equal(ThreadPriority.BelowNormal, await low.RunAsync(_ => Thread.CurrentThread.Priority, default));
            Assert.Equal(ThreadPriority.Normal, await ordinary.RunAsync(_ => Thread.CurrentThread.Priority, default));
        }
    }

    [Fact]
    public void NeededBytes_OfAFolder_GrowWithTheElementType()
    {
        using var model = new InfillCheckpoint();
        long? wide = ModelMemory.NeededBytes(model.Path, new ModelLoadOptions { DataType = "float32" });
        long? narrow = ModelMemory.NeededBytes(model.Path, new ModelLoadOptions { DataType = "bfloat16" });
        long parameters = (wide!.Value - narrow!.Value) / 2;
        long stored = new FileInfo(model.FilePath("model.safetensors")).Length / 4; // float32, and a header
        Assert.InRange(parameters, stored - 1000, stored);
        Assert.Null(ModelMemory.NeededBytes(model.Path + "-none", new ModelLoadOptions()));
        Assert.Null(ModelMemory.NeededBytes(model.Path, new ModelLoadOptions { Device = "cuda" }));
    }

    [DllImport("libc", EntryPoint = "getpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int GetPriority(int which, uint who);
}
