namespace StableDiffCoder.Engine.Model;

/// <summary>Which of a block's masked tokens a step reveals first.</summary>
public enum RemaskingOrder
{
    /// <summary>The most confident ones: the released sampler's rule (LLaDA's low-confidence remasking).</summary>
    LowConfidence,

    /// <summary>
    /// The leftmost ones. A small model blurs what may begin in several ways over the positions of a block; from the left each token follows what
    /// stands before it.
    /// </summary>
    LeftToRight,
}
