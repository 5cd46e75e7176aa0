using System.Runtime.InteropServices;

namespace StableDiffCoder.Engine.Runtime;

/// <summary>What is done when the device has no memory left: what is only kept for later is given up, and the work is tried once more.</summary>
internal static class OutOfMemory
{
    // As libtorch's allocators say it on CUDA and on CPUs; its exceptions have no type of their own here.
    private static readonly string[] Signs = ["out of memory", "can't allocate memory", "not enough memory"];

    /// <summary>Runs work, and, if memory runs out, once more without what was kept.</summary>
    /// <param name="work">May be run twice.</param>
    /// <param name="dropCache">Frees what is kept for later.</param>
    /// <exception cref="InsufficientMemoryException">It ran out the second time too.</exception>
    public static T Retry<T>(Func<T> work, Action dropCache)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (IsIt(exception))
        {
            dropCache();
        }
        try
        {
            return work();
        }
        catch (Exception exception) when (IsIt(exception))
        {
            throw new InsufficientMemoryException(
                "the device has no memory left for this request, even without what was kept of earlier ones; close other programs, or choose a "
                    + "smaller model or number type.",
                exception
            );
        }
    }

    /// <summary>Whether an exception says that memory ran out.</summary>
    public static bool IsIt(Exception exception) =>
        exception is OutOfMemoryException
        || (exception is ExternalException && Signs.Any(sign => exception.Message.Contains(sign, StringComparison.OrdinalIgnoreCase)));
}
