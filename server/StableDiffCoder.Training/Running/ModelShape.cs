namespace StableDiffCoder.Training.Running;

/// <summary>Shape of a model that starts from nothing.</summary>
public sealed record ModelShape
{
    /// <value>Width. Default 256.</value>
    public int HiddenSize { get; init; } = 256;

    /// <value>Width of the MLP. Default 704.</value>
    public int IntermediateSize { get; init; } = 704;

    /// <value>Layers. Default 4.</value>
    public int LayerCount { get; init; } = 4;

    /// <value>Query heads. Default 4.</value>
    public int HeadCount { get; init; } = 4;

    /// <value>Key and value heads. Default 2.</value>
    public int KeyValueHeadCount { get; init; } = 2;

    /// <value>Width of a head. Default 64.</value>
    public int HeadDimension { get; init; } = 64;

    /// <value>Base of the rotary frequencies. Default 10000.</value>
    public double RopeTheta { get; init; } = 10000;
}
