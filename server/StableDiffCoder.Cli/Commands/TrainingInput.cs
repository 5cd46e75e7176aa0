using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Cli.Commands;

/// <summary>Reads files that the user named: what is wrong with them is wrong input.</summary>
internal static class TrainingInput
{
    /// <summary>Reads one.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="InvalidInputException">It is not there, or is not what it should be.</exception>
    public static T Read<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception error) when (error is TrainingException or InvalidDataException)
        {
            throw new InvalidInputException(error.Message, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path} cannot be read: {FileFaults.Reason(path, error)}", error);
        }
    }
}
