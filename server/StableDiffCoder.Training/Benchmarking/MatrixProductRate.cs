using System.Diagnostics;
using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Benchmarking;

/// <summary>Operations a second of matrix products, measured on this machine: what training is compared with.</summary>
public static class MatrixProductRate
{
    private const int LargeOnCpu = 2048;
    private const int LargeOnCuda = 8192;
    private const int FewestRounds = 3;

    /// <summary>The rate of one large square product: the most that this machine gives.</summary>
    /// <param name="dtype">Element type.</param>
    /// <param name="device">Where.</param>
    /// <param name="time">How long to measure, at least three rounds.</param>
    /// <returns>Operations a second, the median of the rounds.</returns>
    public static double Large(ScalarType dtype, Device device, TimeSpan time)
    {
        long size = device.type == TorchSharp.DeviceType.CUDA ? LargeOnCuda : LargeOnCpu;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor left = ones([size, size], dtype: dtype, device: device);
        Tensor right = ones([size, size], dtype: dtype, device: device);
        return Median(2.0 * size * size * size, device, time, () => left.matmul(right).Dispose());
    }

    /// <summary>The rate of the products of one training update at the model's own shapes, each one forward and twice backward.</summary>
    /// <param name="model">Its shape.</param>
    /// <param name="rows">Positions that a product sees at once.</param>
    /// <param name="headRows">Positions that the output head sees at once.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="device">Where.</param>
    /// <param name="time">How long to measure, at least three rounds.</param>
    /// <returns>Operations a second, the median of the rounds over all shapes.</returns>
    public static double AtShapes(ModelConfig model, long rows, long headRows, ScalarType dtype, Device device, TimeSpan time)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        (Tensor Input, Tensor Weight, Tensor Gradient)[] products =
        [
            .. Shapes(model)
                .Select(shape =>
                {
                    long seen = shape.Output == model.VocabSize ? headRows : rows;
                    return (
                        ones([seen, shape.Input], dtype: dtype, device: device),
                        ones([shape.Output, shape.Input], dtype: dtype, device: device),
                        ones([seen, shape.Output], dtype: dtype, device: device)
                    );
                }),
        ];
        double operations = products.Sum(product => 6.0 * product.Input.numel() * product.Weight.shape[0]);
        return Median(
            operations,
            device,
            time,
            () =>
            {
                foreach ((Tensor input, Tensor weight, Tensor gradient) in products)
                {
                    nn.functional.linear(input, weight).Dispose();
                    gradient.matmul(weight).Dispose();
                    gradient.t().matmul(input).Dispose();
                }
            }
        );
    }

    // Input and output width of every product of a layer, and of the head.
    private static IEnumerable<(long Input, long Output)> Shapes(ModelConfig model)
    {
        long query = (long)model.HeadCount * model.HeadDimension;
        long key = (long)model.KeyValueHeadCount * model.HeadDimension;
        yield return (model.HiddenSize, query);
        yield return (model.HiddenSize, key);
        yield return (model.HiddenSize, key);
        yield return (query, model.HiddenSize);
        yield return (model.HiddenSize, model.IntermediateSize);
        yield return (model.HiddenSize, model.IntermediateSize);
        yield return (model.IntermediateSize, model.HiddenSize);
        yield return (model.HiddenSize, model.VocabSize);
    }

    private static double Median(double operations, Device device, TimeSpan time, Action round)
    {
        var rates = new List<double>();
        Timed(round, device); // the first round builds what the library keeps
        var clock = Stopwatch.StartNew();
        while (rates.Count < FewestRounds || clock.Elapsed < time)
        {
            rates.Add(operations / Timed(round, device).TotalSeconds);
        }
        rates.Sort();
        return rates[rates.Count / 2];
    }

    /// <summary>Time of an action, with everything it queued on a CUDA device done.</summary>
    public static TimeSpan Timed(Action action, Device device)
    {
        var clock = Stopwatch.StartNew();
        using (NewDisposeScope())
        {
            action();
        }
        if (device.type == TorchSharp.DeviceType.CUDA)
        {
            cuda.synchronize();
        }
        return clock.Elapsed;
    }
}
