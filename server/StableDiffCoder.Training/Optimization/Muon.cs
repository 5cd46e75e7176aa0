using StableDiffCoder.Engine.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Optimization;

/// <summary>
/// Muon (Jordan et al. 2024): the momentum of a hidden matrix, with its singular values brought near 1. The update is scaled by 0.2·√max(rows,
/// columns), so that its root mean square is AdamW's usual one and both share a learning rate (Liu et al. 2025, "Muon is scalable", eq. 4).
/// </summary>
public static class Muon
{
    private const double UsualRootMeanSquare = 0.2;
    private const int Iterations = 5;

    // The quintic's coefficients: steepest at 0 among those that bring every singular value in (0, 1] to about [0.7, 1.2] in five rounds.
    private const double Linear = 3.4445;
    private const double Cubic = -4.7750;
    private const double Quintic = 2.0315;

    /// <summary>Whether a weight is a hidden matrix: not the embedding, not the head, not a gain.</summary>
    /// <param name="name">The checkpoint's name of it.</param>
    /// <param name="weight">The weight.</param>
    public static bool Applies(string name, Tensor weight) =>
        weight.dim() == 2 && name.StartsWith("model.layers.", StringComparison.Ordinal);

    /// <summary>Adds a gradient to the momentum and gives the step to take, before the learning rate.</summary>
    /// <param name="momentum">[rows, columns] float32, updated in place: m ← β·m + g.</param>
    /// <param name="gradient">[rows, columns] float32.</param>
    /// <param name="beta">Decay of the momentum.</param>
    /// <returns>[rows, columns] float32: the orthogonalized Nesterov momentum g + β·m, scaled.</returns>
    public static Tensor Direction(Tensor momentum, Tensor gradient, double beta)
    {
        using Scalar keep = beta.ToScalar();
        momentum.mul_(keep).AddInPlace(gradient);
        double scale = UsualRootMeanSquare * Math.Sqrt(Math.Max(gradient.shape[0], gradient.shape[1]));
        return Orthogonalized(gradient.add(momentum, keep)).MultiplyInPlace(scale);
    }

    /// <summary>Brings the singular values of a matrix near 1 by Newton–Schulz iterations, whose products run in bfloat16.</summary>
    /// <param name="matrix">[rows, columns] float32.</param>
    /// <returns>[rows, columns] float32: about U·Vᵀ of the matrix' singular value decomposition.</returns>
    public static Tensor Orthogonalized(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        using Scalar tiny = 1e-7.ToScalar();
        bool tall = matrix.shape[0] > matrix.shape[1];
        Tensor x = matrix.div(matrix.norm().add_(tiny, LastingScalars.One)).to(ScalarType.BFloat16);
        x = tall ? x.t() : x; // the small square is cheaper
        for (int i = 0; i < Iterations; i++)
        {
            Tensor square = x.matmul(x.t());
            Tensor polynomial = square.Times(Cubic).AddInPlace(square.matmul(square).MultiplyInPlace(Quintic));
            x = x.Times(Linear).AddInPlace(polynomial.matmul(x));
        }
        return (tall ? x.t() : x).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
