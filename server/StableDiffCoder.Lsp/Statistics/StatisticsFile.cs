using System.Text.Json;

namespace StableDiffCoder.Lsp.Statistics;

/// <summary>
/// Counts of many sessions in one file of this machine. Every editor window has a server of its own, so they are added under a lock; a file that
/// cannot be read is begun anew.
/// </summary>
/// <param name="path">The file; null keeps nothing.</param>
internal sealed class StatisticsFile(string? path)
{
    private const int MostDays = 400;
    private const int Attempts = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>All days, oldest first.</summary>
    /// <exception cref="IOException">The file is there and cannot be opened.</exception>
    public async Task<IReadOnlyList<DayCounts>> ReadAsync()
    {
        if (path is null || !File.Exists(path))
        {
            return [];
        }
        await using FileStream file = await OpenAsync();
        return await ParseAsync(file);
    }

    /// <summary>Adds counts.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public Task AddAsync(IReadOnlyList<DayCounts> counts) =>
        ChangeAsync(days =>
            [
                .. days.Concat(counts)
                    .GroupBy(day => day.Date, (_, same) => same.Aggregate((sum, day) => sum.Plus(day)))
                    .OrderBy(day => day.Date),
            ]
        );

    /// <summary>Forgets all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public Task ClearAsync() => ChangeAsync(_ => []);

    private async Task ChangeAsync(Func<IReadOnlyList<DayCounts>, IReadOnlyList<DayCounts>> change)
    {
        if (path is null)
        {
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using FileStream file = await OpenAsync();
        IReadOnlyList<DayCounts> days = [.. change(await ParseAsync(file)).TakeLast(MostDays)];
        file.SetLength(0);
        await JsonSerializer.SerializeAsync(file, days, StatisticsJson.Default.IReadOnlyListDayCounts);
    }

    /// <summary>Opens the file for this process alone; another may hold it for a moment.</summary>
    private async Task<FileStream> OpenAsync()
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path!, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < Attempts)
            {
                await Task.Delay(Pause);
            }
        }
    }

    private static async Task<IReadOnlyList<DayCounts>> ParseAsync(FileStream file)
    {
        try
        {
            IReadOnlyList<DayCounts>? days =
                file.Length == 0 ? [] : await JsonSerializer.DeserializeAsync(file, StatisticsJson.Default.IReadOnlyListDayCounts);
            return days is null || days.Contains(null!) ? [] : days;
        }
        catch (JsonException)
        {
            return [];
        }
        finally
        {
            file.Position = 0;
        }
    }
}
