using StableDiffCoder.Training.Benchmarking;
using static TorchSharp.torch;

namespace StableDiffCoder.Cli.Measuring;

/// <summary>How fast a device reads its memory, by libtorch: the floor under a forward of few tokens there.</summary>
internal sealed class DeviceReading : IDisposable
{
    // Far more than any cache holds.
    private const long Elements = 1L << 28;

    private readonly Device device;
    private readonly Tensor elements;

    /// <summary>Fills 1 GiB of the device's memory.</summary>
    public DeviceReading(Device device)
    {
        this.device = device;
        elements = ones(Elements, dtype: ScalarType.Float32, device: device).DetachFromDisposeScope();
    }

    /// <summary>Sums it once.</summary>
    /// <returns>Bytes a second.</returns>
    public double Measure() =>
        elements.numel() * elements.element_size() / MatrixProductRate.Timed(() => elements.sum().Dispose(), device).TotalSeconds;

    /// <inheritdoc/>
    public void Dispose() => elements.Dispose();
}
