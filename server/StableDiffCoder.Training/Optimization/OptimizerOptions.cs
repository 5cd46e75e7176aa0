namespace StableDiffCoder.Training.Optimization;

/// <summary>Settings of AdamW, and whether the hidden matrices are given to Muon instead.</summary>
public sealed record OptimizerOptions
{
    /// <value>Decay of the first moment. Default 0.9.</value>
    public double Beta1 { get; init; } = 0.9;

    /// <value>Decay of the second moment. Default 0.95.</value>
    public double Beta2 { get; init; } = 0.95;

    /// <value>Added to the root of the second moment. Default 1e-8.</value>
    public double Epsilon { get; init; } = 1e-8;

    /// <value>Decoupled decay of matrices (gains are spared). Default 0.1.</value>
    public double WeightDecay { get; init; } = 0.1;

    /// <value>
    /// Update the layers' matrices with <see cref="Muon"/>; embedding, head and gains stay with AdamW, at the same rate. Default false.
    /// </value>
    public bool Muon { get; init; }

    /// <value>Decay of Muon's momentum. Default 0.95.</value>
    public double MuonMomentum { get; init; } = 0.95;
}
