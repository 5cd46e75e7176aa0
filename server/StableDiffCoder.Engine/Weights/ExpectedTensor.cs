namespace StableDiffCoder.Engine.Weights;

/// <summary>A tensor that a checkpoint must hold.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Stored">Name of its stored type; null for any float type.</param>
internal sealed record ExpectedTensor(string Name, long[] Shape, string? Stored = null);
