namespace StableDiffCoder.Training.Data;

/// <summary>Makes rows of training data.</summary>
public interface IRowBuilder
{
    /// <summary>Makes one row.</summary>
    /// <param name="random">Decides everything about it.</param>
    /// <returns>Exactly as many ids as the context is long.</returns>
    TrainingRow Build(SampleRandom random);
}

/// <summary>Rows of two builders, mixed.</summary>
/// <param name="first">Makes most rows.</param>
/// <param name="second">Makes the others.</param>
/// <param name="secondShare">Share of rows that the second makes.</param>
public sealed class MixedRowBuilder(IRowBuilder first, IRowBuilder second, double secondShare) : IRowBuilder
{
    /// <inheritdoc/>
    public TrainingRow Build(SampleRandom random) => (random.NextDouble() < secondShare ? second : first).Build(random);
}
