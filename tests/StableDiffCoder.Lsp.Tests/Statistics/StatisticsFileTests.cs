using StableDiffCoder.Lsp.Statistics;

namespace StableDiffCoder.Lsp.Tests.Statistics;

public sealed class StatisticsFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("stable-diffcoder-statistics");

    private string File => Path.Combine(folder.FullName, "deeper", "statistics.json");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Add_FromManySessionsAtOnce_LosesNothing()
    {
        DateOnly day = new(2026, 1, 31);
        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i => new StatisticsFile(File).AddAsync([Counts(day, "Rule"), Counts(day.AddDays(i % 2), "Other")]))
        );
        IReadOnlyList<DayCounts> days = await new StatisticsFile(File).ReadAsync();
        Assert.Equal([day, day.AddDays(1)], days.Select(counts => counts.Date));
        Assert.Equal(40, days.Sum(counts => counts.Offered));
        Assert.Equal(20, days.Sum(counts => counts.Silenced.GetValueOrDefault("Rule")));
        Assert.Equal(20, days.Sum(counts => counts.Silenced.GetValueOrDefault("Other")));
    }

    [Fact]
    public async Task Clear_ForgetsAll()
    {
        var file = new StatisticsFile(File);
        await file.AddAsync([Counts(new DateOnly(2026, 1, 31), "Rule")]);
        await file.ClearAsync();
        Assert.Empty(await file.ReadAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("""[{"date":"today"}]""")]
    public async Task Read_BrokenFile_BeginsAnew(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, text);
        var file = new StatisticsFile(File);
        Assert.Empty(await file.ReadAsync());
        await file.AddAsync([Counts(new DateOnly(2026, 1, 31), "Rule")]);
        Assert.Single(await file.ReadAsync());
    }

    [Fact]
    public async Task File_None_KeepsNothing()
    {
        var file = new StatisticsFile(null);
        await file.AddAsync([Counts(new DateOnly(2026, 1, 31), "Rule")]);
        Assert.Empty(await file.ReadAsync());
    }

    private static DayCounts Counts(DateOnly date, string rule) =>
        new()
        {
            Date = date,
            Offered = 1,
            Silenced = new Dictionary<string, int> { [rule] = 1 },
        };
}
