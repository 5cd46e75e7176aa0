using StableDiffCoder.Engine.Model;
using TorchSharp;

namespace StableDiffCoder.Engine.Weights;

/// <summary>Where the pieces of a stored tensor go.</summary>
/// <param name="Put">Takes rows of the stored tensor, in its stored type, and the number of the first; the whole of a scalar.</param>
internal sealed record WeightTarget(Action<long, torch.Tensor> Put)
{
    /// <summary>A tensor of the same shape, any type of the same kind, any device.</summary>
    public static WeightTarget Of(torch.Tensor destination) =>
        new(
            (row, piece) =>
            {
                if (destination.dim() == 0)
                {
                    destination.copy_(piece);
                    return;
                }
                using torch.Tensor rows = destination.narrow(0, row, piece.shape[0]);
                rows.copy_(piece);
            }
        );

    /// <summary>A weight of few bits, to which the rows are rounded.</summary>
    public static WeightTarget Rounding(QuantizedWeight weight) => new((row, piece) => weight.SetRows((int)row, piece));
}
