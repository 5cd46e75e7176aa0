using TorchSharp;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>
/// Scalars that outlive the native call they are given to. TorchSharp passes a <see cref="Scalar"/>'s handle and keeps no reference, so one made on
/// the fly (<c>x.add_(1e-6)</c>, and <c>a + b</c>, which makes a factor of 1) can be freed by the garbage collector while native code reads it: seen as
/// an exception after some four thousand training steps. Constants live here; a value that varies is a <c>using Scalar</c> of the caller.
/// BannedSymbols.txt forbids the operators that make scalars on the fly.
/// </summary>
public static class LastingScalars
{
    /// <summary>1.</summary>
    public static Scalar One { get; } = 1.0.ToScalar();

    /// <summary>−∞.</summary>
    public static Scalar NegativeInfinity { get; } = double.NegativeInfinity.ToScalar();

    /// <summary>a + b.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>a ← a + b.</summary>
    public static Tensor AddInPlace(this Tensor left, Tensor right) => left.add_(right, One);

    /// <summary>a · factor.</summary>
    public static Tensor Times(this Tensor left, double factor)
    {
        using Scalar scalar = factor.ToScalar();
        return left.mul(scalar);
    }

    /// <summary>a ← a · factor.</summary>
    public static Tensor MultiplyInPlace(this Tensor left, double factor)
    {
        using Scalar scalar = factor.ToScalar();
        return left.mul_(scalar);
    }
}
