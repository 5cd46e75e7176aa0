using System.Globalization;
using StableDiffCoder.Engine.Model;
using TorchSharp;

namespace StableDiffCoder.Engine.Tests.Kernels;

public sealed class HugePagesTests
{
    [Fact]
    public void Allocate_WeightOfManyPages_IsMarkedForLargeOnes()
    {
        if (!Directory.Exists("/sys/kernel/mm/transparent_hugepage"))
        {
            return; // No such pages on this system.
        }
        using torch.Tensor weight = TensorMemory.Allocate([4096, 4096], torch.ScalarType.BFloat16, torch.CPU);
        long middle = TensorMemory.Of(weight) + (weight.numel() * weight.element_size() / 2);
        Assert.Contains(" hg ", FlagsAt(middle) + " ");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(700_001)]
    public void Allocate_WeightOfAnySize_CanBeWrittenAndRead(long elements)
    {
        using torch.Tensor weight = TensorMemory.Allocate([elements], torch.ScalarType.Float32, torch.CPU);
        weight.fill_(1);
        Assert.Equal(elements, weight.sum().item<float>());
    }

    // What the kernel notes about the mapping that holds an address.
    private static string FlagsAt(long address)
    {
        bool inside = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            string first = line.Split(' ')[0];
            if (first.Contains('-'))
            {
                string[] ends = first.Split('-');
                inside = Parse(ends[0]) <= address && address < Parse(ends[1]);
            }
            else if (inside && first == "VmFlags:")
            {
                return line;
            }
        }
        return "";
    }

    private static long Parse(string hexadecimal) => long.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
