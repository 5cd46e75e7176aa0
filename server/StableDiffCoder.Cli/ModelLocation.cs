namespace StableDiffCoder.Cli;

/// <summary>Finds the model folder: <c>--model</c>, else the environment variable, else the model that the project ships.</summary>
public static class ModelLocation
{
    /// <summary>Names the default model folder.</summary>
    public const string EnvironmentVariable = "STABLE_DIFFCODER_MODEL";

    /// <summary>The model that the project ships, a folder under <c>models/</c>.</summary>
    public const string EmbeddedModel = "stable-diffcoder-mini";

    /// <summary>The folder to load; it exists.</summary>
    /// <param name="option">Value of <c>--model</c>.</param>
    /// <exception cref="InvalidInputException">No such folder.</exception>
    public static string Resolve(string? option)
    {
        string? variable = Environment.GetEnvironmentVariable(EnvironmentVariable);
        return option is not null ? Existing(option, "--model")
            : !string.IsNullOrEmpty(variable) ? Existing(variable, EnvironmentVariable)
            : FindEmbedded();
    }

    private static string Existing(string folder, string source) =>
        Directory.Exists(folder)
            ? folder
            : throw new InvalidInputException(
                $"{folder} {(File.Exists(folder) ? "is a file" : "does not exist")}; {source} names a folder with config.json, tokenizer.json and safetensors."
            );

    private static string FindEmbedded() =>
        Path.GetDirectoryName(RepositoryFiles.Find($"models/{EmbeddedModel}/config.json"))
        ?? throw new InvalidInputException(
            $"The embedded model (models/{EmbeddedModel}) is not beside this program; name a model folder by --model or {EnvironmentVariable}."
        );
}
