namespace StableDiffCoder.Engine.Weights;

/// <summary>A model folder could not be loaded. The message names the file, what is wrong with it, and the fix.</summary>
public sealed class ModelLoadException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ModelLoadException(string path, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Path = path;
    }

    /// <summary>The file or folder that is at fault.</summary>
    public string Path { get; }

    /// <value>Tensors the config asks for and the files lack.</value>
    public IReadOnlyList<string> MissingNames { get; init; } = [];

    /// <value>Tensors in the files that the config has no place for.</value>
    public IReadOnlyList<string> UnexpectedNames { get; init; } = [];
}
