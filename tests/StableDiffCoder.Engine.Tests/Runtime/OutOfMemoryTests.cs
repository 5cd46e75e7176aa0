using StableDiffCoder.Engine.Runtime;
using TorchSharp;

namespace StableDiffCoder.Engine.Tests.Runtime;

public sealed class OutOfMemoryTests
{
    private const long MoreThanThereIs = 1L << 52;

    [Fact]
    public void Retry_MemoryRunsOutTwice_DropsTheCacheOnceAndSaysSo()
    {
        TorchRuntime.EnsureLoaded();
        int dropped = 0;
        var exception = Assert.Throws<InsufficientMemoryException>(() =>
            OutOfMemory.Retry(() => torch.empty(MoreThanThereIs), () => dropped++)
        );
        Assert.Equal(1, dropped);
        Assert.Contains("no memory left", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Retry_MemoryIsThereWithoutTheCache_Succeeds()
    {
        TorchRuntime.EnsureLoaded();
        long size = MoreThanThereIs;
        using torch.Tensor tensor = OutOfMemory.Retry(() => torch.empty(size), () => size = 3);
        Assert.Equal(3, tensor.numel());
    }

    [Fact]
    public void Retry_OtherExceptions_PassAtOnce()
    {
        int runs = 0;
        Assert.Throws<InvalidOperationException>(() =>
            OutOfMemory.Retry<int>(
                () =>
                {
                    runs++;
                    throw new InvalidOperationException();
                },
                () => Assert.Fail("nothing is to be dropped")
            )
        );
        Assert.Equal(1, runs);
    }
}
