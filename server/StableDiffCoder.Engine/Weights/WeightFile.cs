namespace StableDiffCoder.Engine.Weights;

/// <summary>Opens files of a model folder; what the file system refuses becomes a <see cref="ModelLoadException"/>.</summary>
internal static class WeightFile
{
    public static FileStream OpenRead(string path)
    {
        if (Directory.Exists(path))
        {
            throw new ModelLoadException(path, $"{path} is a folder; a safetensors file was expected there.");
        }
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelLoadException(path, $"{path} is missing; download it again or check --model.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ModelLoadException(path, $"{path} cannot be read: {error.Message}", error);
        }
    }
}
